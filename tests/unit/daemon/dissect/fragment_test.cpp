#include "daemon/dissect/fragment.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Fragment, PastTheLargestDatagramIsMalformed) {
    const auto fragment = [](std::uint16_t offset, std::size_t size) {
        return read_packet(PacketBuilder()
                               .ethernet()
                               .ipv4("10.0.0.1", "10.0.0.2", {.fragment_offset = offset, .protocol = 99})
                               .payload(Bytes(size))
                               .build());
    };
    EXPECT_EQ(fragment(65528, 7).summary, "IPv4 fragment offset 65528 of id 0x1234, protocol 99");
    EXPECT_FALSE(fragment(65528, 7).malformed);
    EXPECT_TRUE(fragment(65528, 8).malformed);
}

}  // namespace
}  // namespace packetsentry::dissect
