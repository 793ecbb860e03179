#include "daemon/dissect/wccp.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/outer_headers.h"
#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Wccp, CarriesThePacketOfEitherVersion) {
    const Bytes packet = PacketBuilder().ipv4("172.16.0.1", "172.16.0.2").udp(1, 2).build();
    for (const Bytes& header : {Bytes(), hex("00000102")})
        EXPECT_EQ(read_packet(outer().gre({.type = 0x883E}).payload(join({header, packet})).build()).summary,
                  "UDP wccp 172.16.0.1:1 -> 172.16.0.2:2");
    EXPECT_EQ(read_packet(outer().gre({.type = 0x883E}).payload("something else").build()).summary, "WCCP");
}

}  // namespace
}  // namespace packetsentry::dissect
