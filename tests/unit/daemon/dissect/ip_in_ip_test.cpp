#include "daemon/dissect/ip_in_ip.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(IpInIp, OutermostAddressesAreTheRecords) {
    struct Case {
        Bytes frame;
        std::string_view ends;
        std::string_view fields;
    };
    const auto ethernet = [] { return PacketBuilder().ethernet(); };
    const Case cases[] = {
        {ethernet().ipv4("10.0.0.1", "10.0.0.2").ipv4("172.16.0.1", "172.16.0.2").udp(1, 2).build(),
         "ipv4 4 10.0.0.1 -> 10.0.0.2",
         "packetsentry.tunnel.type=ipip packetsentry.inner.source.ip=172.16.0.1 "
         "packetsentry.inner.destination.ip=172.16.0.2 packetsentry.inner.source.port=1 "
         "packetsentry.inner.destination.port=2"},
        {ethernet().ipv4("10.0.0.1", "10.0.0.2").ipv6("fd00::1", "fd00::2").payload("x").build(),
         "ipv4 41 10.0.0.1 -> 10.0.0.2",
         "packetsentry.tunnel.type=6in4 packetsentry.inner.source.ip=fd00::1 "
         "packetsentry.inner.destination.ip=fd00::2"},
        {ethernet().ipv6("fd00::1", "fd00::2").ipv4("10.0.0.1", "10.0.0.2").payload("x").build(),
         "ipv6 4 fd00::1 -> fd00::2",
         "packetsentry.tunnel.type=4in6 packetsentry.inner.source.ip=10.0.0.1 "
         "packetsentry.inner.destination.ip=10.0.0.2"},
        {ethernet().ipv6("fd00::1", "fd00::2").ipv6("fd00::3", "fd00::4").payload("x").build(),
         "ipv6 41 fd00::1 -> fd00::2",
         "packetsentry.tunnel.type=6in6 packetsentry.inner.source.ip=fd00::3 "
         "packetsentry.inner.destination.ip=fd00::4"},
    };
    for (const Case& c : cases) {
        const PacketReading reading = read_packet(c.frame);
        EXPECT_EQ(reading.ends, c.ends);
        EXPECT_EQ(reading.fields, c.fields);
    }
}

}  // namespace
}  // namespace packetsentry::dissect
