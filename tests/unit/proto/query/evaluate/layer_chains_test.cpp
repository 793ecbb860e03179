#include "proto/query/evaluate/layer_chains.h"

#include <gtest/gtest.h>

#include "tests/support/row_builder.h"

namespace packetsentry::query {
namespace {

TEST(LayerChains, EachOnceAndANumberForEachRow) {
    test::RowBuilder rows;
    rows.row(
        {.source = "10.0.0.1", .destination = "10.0.0.2", .ip_protocol = 6, .word = "HTTP", .name = "http"});
    rows.row({.source = "fe80::1", .destination = "fe80::2", .ip_protocol = 58, .word = "ICMPv6"});
    rows.row(
        {.source = "10.0.0.2", .destination = "10.0.0.1", .ip_protocol = 6, .word = "HTTP", .name = "http"});
    rows.row({.word = "a word that nobody knows", .interface = "any", .link_type = 113});
    const auto view = proto::BatchView::check(rows.batch());
    ASSERT_TRUE(view);
    const LayerChains layers = layer_chains(*view);
    ASSERT_EQ(layers.of_row.size(), 4U);
    ASSERT_EQ(layers.chains.size(), 3U);
    EXPECT_EQ(layers.chains[layers.of_row[0]], "eth:ip:tcp:http");
    EXPECT_EQ(layers.chains[layers.of_row[1]], "eth:ipv6:icmpv6");
    EXPECT_EQ(layers.of_row[2], layers.of_row[0]);
    EXPECT_EQ(layers.chains[layers.of_row[3]], "");
}

TEST(LayerChains, HaveWholeNames) {
    EXPECT_TRUE(has_layer("eth:ip:tcp", "ip"));
    EXPECT_TRUE(has_layer("eth:ip:tcp", "tcp"));
    EXPECT_FALSE(has_layer("eth:ipv6:tcp", "ip"));
    EXPECT_FALSE(has_layer("", "ip"));
    EXPECT_FALSE(has_layer("::", ""));
    EXPECT_EQ(innermost_transport("ip:udp:vxlan:eth:ip:tcp:http"), "tcp");
    EXPECT_EQ(innermost_transport("ip:icmp"), "");
}

}  // namespace
}  // namespace packetsentry::query
