#include "daemon/dissect/link_type_table.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(LinkType, KnowsItsRows) {
    for (const std::uint32_t number :
         {0U,   1U,   6U,   9U,   10U,  12U,  14U,  50U,  51U,  101U, 104U, 105U, 107U, 108U, 113U, 127U,
          186U, 189U, 192U, 220U, 228U, 229U, 239U, 249U, 266U, 271U, 276U, 288U, 293U, 294U, 295U})
        EXPECT_NE(find_link_type(number), nullptr) << number;
    for (const std::uint32_t number : {2U, 147U, 65536U, 0xFFFFFFFFU})
        EXPECT_EQ(find_link_type(number), nullptr) << number;
}

TEST(LinkType, OfOneIpVersion) {
    const Bytes ipv4 = PacketBuilder().ipv4().udp(1, 2).build();
    const Bytes ipv6 = PacketBuilder().ipv6().udp(1, 2).build();
    EXPECT_EQ(read_packet(ipv4, 228).ends, "ipv4 17 192.168.1.100:1 -> 8.8.8.8:2");
    EXPECT_EQ(read_packet(ipv6, 229).ends, "ipv6 17 2001:db8::1:1 -> 2001:db8::2:2");
    EXPECT_TRUE(read_packet(ipv6, 228).malformed);
    EXPECT_TRUE(read_packet(ipv4, 229).malformed);
}

}  // namespace
}  // namespace packetsentry::dissect
