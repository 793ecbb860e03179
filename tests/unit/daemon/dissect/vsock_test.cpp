#include "daemon/dissect/vsock.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Vsock, TellsEndsAndOperation) {
    const std::string ends = "0200000000000000 0300000000000000 00040000 88130000 ";
    const auto summary = [&](std::string_view rest) {
        return read_packet(hex(ends + std::string(rest)), 271).summary;
    };
    EXPECT_EQ(summary("0100 0200 0000 0000"), "vsock 2:1024 -> 3:5000 Connect");
    EXPECT_EQ(summary("0400 0200 0400 0000 01020304 616263"), "vsock 2:1024 -> 3:5000 Payload 3 bytes");
    EXPECT_EQ(summary("0900 0200 0000 0000"), "vsock 2:1024 -> 3:5000 Unknown");
    EXPECT_EQ(summary("0400 0200 0400 0000 01"), "vsock");
    EXPECT_TRUE(read_packet(hex(ends), 271).malformed);
}

}  // namespace
}  // namespace packetsentry::dissect
