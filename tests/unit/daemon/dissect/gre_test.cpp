#include "daemon/dissect/gre.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/outer_headers.h"
#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Gre, Headers) {
    struct Case {
        std::string_view name;
        Bytes frame;
        std::string_view summary;
        bool malformed;
    };
    const Case cases[] = {
        {"plain", outer().gre().ipv4("172.16.0.1", "172.16.0.2").udp(1, 2).build(),
         "UDP gre 172.16.0.1:1 -> 172.16.0.2:2", false},
        {"key", outer().gre({.key = 1}).ipv4("172.16.0.1", "172.16.0.2").udp(1, 2).build(),
         "UDP gre 172.16.0.1:1 -> 172.16.0.2:2", false},
        {"all",
         outer()
             .gre({.key = 1, .sequence = 2, .checksum = true})
             .ipv4("172.16.0.1", "172.16.0.2")
             .udp(1, 2)
             .build(),
         "UDP gre 172.16.0.1:1 -> 172.16.0.2:2", false},
        {"ethernet", outer().gre().ethernet().arp(1, "172.16.0.1", "172.16.0.2").build(),
         "ARP gre 172.16.0.1 -> 172.16.0.2 who-has 172.16.0.2 tell 172.16.0.1", false},
        {"virtual network",
         outer().gre({.key = 0x700}).ethernet().ipv4("172.16.0.1", "172.16.0.2").udp(1, 2).build(),
         "UDP nvgre 172.16.0.1:1 -> 172.16.0.2:2", false},
        {"ethernet with a key and more",
         outer().gre({.key = 1, .sequence = 2}).ethernet().ipv4("172.16.0.1", "172.16.0.2").udp(1, 2).build(),
         "UDP gre 172.16.0.1:1 -> 172.16.0.2:2", false},
        {"erspan",
         outer()
             .gre({.sequence = 1, .type = 0x88BE})
             .payload(Bytes(8))
             .ethernet()
             .ipv4("172.16.0.1", "172.16.0.2")
             .udp(1, 2)
             .build(),
         "UDP erspan 172.16.0.1:1 -> 172.16.0.2:2", false},
        {"empty (keepalive)", outer().gre({.type = 0}).build(), "GRE type 0x0", false},
        {"version 2", outer().gre({.version = 2, .type = 0x0800}).payload("x").build(),
         "GRE version 2 type 0x800", false},
        {"nothing inside", outer().gre({.type = 0x0800}).build(), "GRE type 0x800", false},
    };
    for (const Case& c : cases) {
        const PacketReading reading = read_packet(c.frame);
        EXPECT_EQ(reading.summary, c.summary) << c.name;
        EXPECT_EQ(reading.malformed, c.malformed) << c.name;
        EXPECT_EQ(reading.ends, "ipv4 47 10.0.0.1 -> 10.0.0.2") << c.name;
    }
}

TEST(Gre, Version1CarriesPpp) {
    const PacketReading reading =
        read_packet(PacketBuilder()
                        .ethernet()
                        .ipv4("10.0.0.1", "10.0.0.2", {.protocol = 47})
                        .payload(hex("3081 880b 00060001 00000001 00000001 c021 09 01 0004"))
                        .build());
    EXPECT_EQ(reading.summary, "LCP Echo-Request id 1");
    EXPECT_EQ(reading.fields, "packetsentry.tunnel.type=gre");
    EXPECT_FALSE(reading.malformed);
}

// The switch that mirrors a frame may cut it, and tells so: nothing is wrong with the frame.
TEST(Gre, ErspanOfATruncatedFrame) {
    const auto malformed = [](std::string_view header) {
        const Bytes whole = outer()
                                .gre({.sequence = 1, .type = 0x88BE})
                                .payload(hex(header))
                                .ethernet()
                                .ipv4("172.16.0.1", "172.16.0.2", {.total_length = std::uint16_t{1000}})
                                .udp(1, 2, 980)
                                .build();
        return read_packet(whole).malformed;
    };
    EXPECT_TRUE(malformed("1005 0001 00000000"));
    EXPECT_FALSE(malformed("1005 0401 00000000"));
}

}  // namespace
}  // namespace packetsentry::dissect
