#include "daemon/record/header_columns.h"

#include <gtest/gtest.h>

#include "proto/rows/fixed_numbers.h"

namespace packetsentry::record {
namespace {

TEST(HeaderColumns, EachNumberHasItsColumn) {
    HeaderColumns columns;
    columns.add({});
    columns.add({.tcp_sequence = 1,
                 .tcp_acknowledgement = 2,
                 .tcp_timestamp = 3,
                 .tcp_timestamp_echo = 4,
                 .tcp_flags = 5,
                 .tcp_window = 6,
                 .tcp_payload_bytes = 7,
                 .udp_length = 8,
                 .identification = 9,
                 .fragment = 10,
                 .hop_limit = 11,
                 .traffic_class = 12});
    wire::Batch batch;
    columns.copy_to(batch);
    const auto longs = [](const std::string& column) { return proto::number_at<std::uint32_t>(column, 1); };
    const auto shorts = [](const std::string& column) { return proto::short_at(column, 1); };
    EXPECT_EQ(batch.tcp_sequence().size(), 8U);
    EXPECT_EQ(longs(batch.tcp_sequence()), 1U);
    EXPECT_EQ(longs(batch.tcp_acknowledgement()), 2U);
    EXPECT_EQ(longs(batch.tcp_timestamp()), 3U);
    EXPECT_EQ(longs(batch.tcp_timestamp_echo()), 4U);
    EXPECT_EQ(shorts(batch.tcp_flags()), 5);
    EXPECT_EQ(shorts(batch.tcp_window()), 6);
    EXPECT_EQ(shorts(batch.tcp_payload_bytes()), 7);
    EXPECT_EQ(shorts(batch.udp_length()), 8);
    EXPECT_EQ(shorts(batch.identification()), 9);
    EXPECT_EQ(shorts(batch.fragment()), 10);
    EXPECT_EQ(batch.hop_limit(), std::string("\0\x0b", 2));
    EXPECT_EQ(batch.traffic_class(), std::string("\0\x0c", 2));
}

TEST(HeaderColumns, ThoseOfZerosAreLeftOut) {
    HeaderColumns columns;
    columns.add({.hop_limit = 64});
    wire::Batch batch;
    columns.copy_to(batch);
    EXPECT_EQ(batch.hop_limit(), "@");
    EXPECT_EQ(batch.tcp_sequence().size(), 0U);
    EXPECT_EQ(batch.udp_length().size(), 0U);
    columns.clear();
    wire::Batch empty;
    columns.copy_to(empty);
    EXPECT_EQ(empty.ByteSizeLong(), 0U);
}

}  // namespace
}  // namespace packetsentry::record
