#include "daemon/dissect/pbb.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Pbb, CarriesACustomersFrame) {
    const PacketReading reading = read_packet(PacketBuilder()
                                                  .ethernet(kSourceMac, kDestinationMac, 0x88E7)
                                                  .payload(hex("60 000007"))
                                                  .ethernet("02:00:00:00:00:03")
                                                  .ipv4()
                                                  .udp(1, 2)
                                                  .build());
    EXPECT_EQ(reading.summary, "UDP 1 -> 2");
    EXPECT_EQ(reading.macs, "02-00-00-00-00-01 -> 02-00-00-00-00-02");
    EXPECT_EQ(reading.fields, "packetsentry.pbb.id=7 packetsentry.tunnel.type=pbb");
    EXPECT_FALSE(reading.malformed);
}

}  // namespace
}  // namespace packetsentry::dissect
