#include "daemon/dissect/fabricpath.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(FabricPath, CarriesAFrame) {
    const PacketReading reading = read_packet(PacketBuilder()
                                                  .ethernet(kSourceMac, kDestinationMac, 0x8903)
                                                  .payload(hex("0060"))
                                                  .ethernet()
                                                  .ipv4()
                                                  .udp(1, 2)
                                                  .build());
    EXPECT_EQ(reading.summary, "UDP 1 -> 2");
    EXPECT_EQ(reading.fields, "packetsentry.tunnel.type=fabricpath");
}

}  // namespace
}  // namespace packetsentry::dissect
