// Community IDs of rows. The expected values are those that the specification publishes
// (https://github.com/corelight/community-id-spec/tree/master/baseline).
#include "proto/flows/row_community_ids.h"

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <set>
#include <string>
#include <vector>

#include "tests/support/row_builder.h"

namespace packetsentry::flows {
namespace {

using test::RowBuilder;
using test::RowValues;

constexpr const char* kIpv6A = "fe80:1:203:405:607:809:a0b:c0d";
constexpr const char* kIpv6B = "fe80:1011:1213:1415:1617:1819:1a1b:1c1d";

// The identifiers of all rows; empty where a row has none.
std::vector<std::string> ids_of(const RowBuilder& rows, RowCommunityIds& ids) {
    const auto view = proto::BatchView::check(rows.batch());
    if (!view) return {view.error().message};
    ids.bind(*view);
    std::vector<std::string> all;
    for (std::uint32_t row = 0; row < view->rows(); ++row) {
        const bool has = ids.has(row);
        const auto* const known = ids.at(row);
        EXPECT_EQ(has, known != nullptr);
        all.emplace_back(known == nullptr ? std::string_view() : known->id());
        if (known != nullptr) {
            EXPECT_EQ(community_id(known->hash), known->id());
        }
    }
    return all;
}

std::vector<std::string> ids_of(const RowBuilder& rows) {
    RowCommunityIds ids;
    return ids_of(rows, ids);
}

RowValues from(std::uint8_t protocol, std::string_view source, std::uint16_t port,
               std::string_view destination, std::uint16_t destination_port) {
    return {.source = std::string(source),
            .destination = std::string(destination),
            .source_port = port,
            .destination_port = destination_port,
            .ip_protocol = protocol};
}

RowValues without_ports(std::uint8_t protocol, std::string_view source, std::string_view destination) {
    return from(protocol, source, 0, destination, 0);
}

TEST(RowCommunityIds, AreThoseOfTheSpecification) {
    RowBuilder rows;
    rows.row(from(IPPROTO_TCP, "1.2.3.4", 1122, "5.6.7.8", 3344));
    rows.row(from(IPPROTO_TCP, "5.6.7.8", 3344, "1.2.3.4", 1122));
    rows.row(from(IPPROTO_UDP, "1.2.3.4", 1122, "5.6.7.8", 3344));
    rows.row(from(IPPROTO_SCTP, "5.6.7.8", 3344, "1.2.3.4", 1122));
    rows.row(without_ports(IPPROTO_RSVP, "1.2.3.4", "5.6.7.8"));
    rows.row(without_ports(IPPROTO_RSVP, kIpv6B, kIpv6A));
    EXPECT_EQ(ids_of(rows),
              (std::vector<std::string>{"1:wCb3OG7yAFWelaUydu0D+125CLM=", "1:wCb3OG7yAFWelaUydu0D+125CLM=",
                                        "1:0Mu9InQx6z4ZiCZM/7HXi2WMhOg=", "1:EKt4MsxuyaE6mL+hmrEkQ9csDD8=",
                                        "1:ikv3kmf89luf73WPz1jOs49S768=", "1:wQ/2mwrnXP4lmJcHdGL5ePjR+e0="}));
}

// A packet in a tunnel, with the tuple of the specification inside.
TEST(RowCommunityIds, AreThoseOfTheInnermostConversationToo) {
    RowBuilder rows;
    const auto add = [&rows](std::string_view layers, bool ports) {
        RowValues outer = from(IPPROTO_UDP, "192.0.2.1", 4000, "192.0.2.2", 4789);
        outer.layers = layers;
        rows.row(outer)
            .address("packetsentry.inner.source.ip", "1.2.3.4")
            .address("packetsentry.inner.destination.ip", "5.6.7.8");
        if (ports)
            rows.number("packetsentry.inner.source.port", 1122)
                .number("packetsentry.inner.destination.port", 3344);
    };
    add("eth:ethertype:ip:udp:vxlan:eth:ethertype:ip:tcp:http", true);
    add("ip:udp:vxlan:eth:ethertype:ip:udp", true);
    add("ip:gre:ip:udp:gtp:ip:sctp", true);
    add("ip:udp:vxlan:eth:ethertype:ip:tcp", false);
    add("ip:udp:vxlan:eth:ethertype:arp", false);
    add("ip:udp:vxlan:eth:ethertype:ip:ospf", true);
    rows.row(from(IPPROTO_TCP, "1.2.3.4", 1122, "5.6.7.8", 3344));
    const auto view = proto::BatchView::check(rows.batch());
    ASSERT_TRUE(view);
    RowCommunityIds ids;
    ids.bind(*view);
    ASSERT_TRUE(ids.has_inner());
    std::vector<std::string> inner;
    std::set<std::string> outer;
    for (std::uint32_t row = 0; row < view->rows(); ++row) {
        outer.insert(std::string(ids.at(row)->id()));
        const auto* const known = ids.inner_at(row);
        inner.emplace_back(known == nullptr ? std::string_view() : known->id());
    }
    EXPECT_EQ(inner,
              (std::vector<std::string>{"1:wCb3OG7yAFWelaUydu0D+125CLM=", "1:0Mu9InQx6z4ZiCZM/7HXi2WMhOg=",
                                        "1:EKt4MsxuyaE6mL+hmrEkQ9csDD8=", "", "", "", ""}));
    EXPECT_EQ(outer.size(), 2U) << "the tunnel, and the packet without one";
}

TEST(RowCommunityIds, TakeTypesOfIcmpForPorts) {
    RowBuilder rows;
    const auto message = [&rows](const RowValues& values, unsigned type, unsigned code) {
        rows.row(values).number("packetsentry.icmp.type", type).number("packetsentry.icmp.code", code);
    };
    message(without_ports(IPPROTO_ICMP, "1.2.3.4", "5.6.7.8"), 8, 0);
    message(without_ports(IPPROTO_ICMP, "5.6.7.8", "1.2.3.4"), 0, 0);
    rows.row(from(IPPROTO_UDP, "1.2.3.4", 1122, "5.6.7.8", 3344));
    message(without_ports(IPPROTO_ICMP, "1.2.3.4", "5.6.7.8"), 11, 0);
    message(without_ports(IPPROTO_ICMPV6, kIpv6A, kIpv6B), 128, 0);
    message(without_ports(IPPROTO_ICMPV6, kIpv6B, kIpv6A), 129, 0);
    message(without_ports(IPPROTO_ICMPV6, kIpv6A, kIpv6B), 146, 0);
    EXPECT_EQ(ids_of(rows),
              (std::vector<std::string>{"1:crodRHL2FEsHjbv3UkRrfbs4bZ0=", "1:crodRHL2FEsHjbv3UkRrfbs4bZ0=",
                                        "1:0Mu9InQx6z4ZiCZM/7HXi2WMhOg=", "1:f/YiSyWqczrTgfUCZlBUnvHRcPk=",
                                        "1:0bf7hyMJUwt3fMED7z8LIfRpBeo=", "1:0bf7hyMJUwt3fMED7z8LIfRpBeo=",
                                        "1:fYC8+pz24E+EhANP1EZhpX0Dw10="}));
}

// ARP, a frame without a network layer, a later fragment of UDP, one of ICMP, and an IP header whose end is
// not captured.
TEST(RowCommunityIds, NeedAnIpHeaderAndPortsThatAreKnown) {
    RowBuilder rows;
    rows.row({.source = "1.2.3.4", .destination = "5.6.7.8", .arp = true});
    rows.row({});
    rows.row(without_ports(IPPROTO_UDP, "1.2.3.4", "5.6.7.8"));
    rows.row(without_ports(IPPROTO_ICMP, "1.2.3.4", "5.6.7.8"));
    rows.row({.source = "1.2.3.4", .ip_protocol = IPPROTO_RSVP});
    EXPECT_EQ(ids_of(rows), std::vector<std::string>(5));
}

TEST(RowCommunityIds, OfManyConversationsAreComputedAgain) {
    constexpr std::uint16_t kConversations = 20'000;
    RowBuilder rows;
    for (int round = 0; round < 2; ++round)
        for (std::uint16_t port = 1; port <= kConversations; ++port)
            rows.row(from(IPPROTO_UDP, "1.2.3.4", port, "5.6.7.8", 53));
    RowCommunityIds ids;
    const auto all = ids_of(rows, ids);
    ASSERT_EQ(all.size(), 2U * kConversations);
    EXPECT_EQ(std::set(all.begin(), all.end()).size(), kConversations);
    for (std::size_t i = 0; i < kConversations; ++i) ASSERT_EQ(all[i], all[i + kConversations]);
    EXPECT_EQ(ids_of(rows, ids), all) << "what is kept from batch to batch changes nothing";
}

}  // namespace
}  // namespace packetsentry::flows
