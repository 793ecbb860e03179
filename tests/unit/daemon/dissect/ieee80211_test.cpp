#include "daemon/dissect/ieee80211.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

constexpr std::string_view kFirst = "020000000001", kSecond = "020000000002", kThird = "020000000003",
                           kFourth = "020000000004";

Bytes frame(std::string_view control, bool fourth, std::string_view more = "") {
    return join({hex(control), hex("0000"), hex(kFirst), hex(kSecond), hex(kThird), hex("0000"),
                 fourth ? hex(kFourth) : Bytes(), hex(more),
                 PacketBuilder().snap().ipv4().udp(1, 2).build()});
}

TEST(Ieee80211, AddressesByDirection) {
    struct Case {
        std::string_view control;
        bool fourth;
        std::string_view macs;
    };
    const Case cases[] = {
        {"0800", false, "02-00-00-00-00-02 -> 02-00-00-00-00-01"},
        {"0801", false, "02-00-00-00-00-02 -> 02-00-00-00-00-03"},
        {"0802", false, "02-00-00-00-00-03 -> 02-00-00-00-00-01"},
        {"0803", true, "02-00-00-00-00-04 -> 02-00-00-00-00-03"},
    };
    for (const Case& c : cases) {
        const PacketReading reading = read_packet(frame(c.control, c.fourth), 105);
        EXPECT_EQ(reading.macs, c.macs) << c.control;
        EXPECT_EQ(reading.summary, "UDP 1 -> 2") << c.control;
    }
}

TEST(Ieee80211, QualityOfServiceAndHighThroughputControl) {
    EXPECT_EQ(read_packet(frame("8802", false, "0000"), 105).summary, "UDP 1 -> 2");
    EXPECT_EQ(read_packet(frame("8882", false, "0000 00000000"), 105).summary, "UDP 1 -> 2");
}

TEST(Ieee80211, DataThatIsNotLookedInto) {
    EXPECT_EQ(read_packet(frame("0842", false), 105).summary, "802.11 Data protected");
    EXPECT_EQ(read_packet(frame("8802", false, "8000"), 105).summary, "802.11 Data aggregated");
    EXPECT_EQ(read_packet(frame("4801", false), 105).summary, "802.11 Null");
    EXPECT_EQ(read_packet(frame("c801", false, "0000"), 105).summary, "802.11 QoS null");
    Bytes later = frame("0802", false);
    later[22] = std::byte{1};  // fragment number
    EXPECT_EQ(read_packet(later, 105).summary, "802.11 Data fragment");
}

TEST(Ieee80211, ManagementAndControlByName) {
    struct Case {
        std::uint8_t type;
        std::uint8_t subtype;
        std::string_view summary;
        std::string_view macs;
    };
    const Case cases[] = {
        {0, 0, "802.11 Association request", "02-00-00-00-00-01 -> FF-FF-FF-FF-FF-FF"},
        {0, 4, "802.11 Probe request", "02-00-00-00-00-01 -> FF-FF-FF-FF-FF-FF"},
        {0, 8, "802.11 Beacon", "02-00-00-00-00-01 -> FF-FF-FF-FF-FF-FF"},
        {0, 12, "802.11 Deauthentication", "02-00-00-00-00-01 -> FF-FF-FF-FF-FF-FF"},
        {1, 11, "802.11 RTS", "02-00-00-00-00-01 -> FF-FF-FF-FF-FF-FF"},
        {1, 12, "802.11 CTS", " -> "},
        {1, 13, "802.11 Ack", " -> "},
    };
    for (const Case& c : cases) {
        const PacketReading reading = read_packet(PacketBuilder().ieee80211(c.type, c.subtype).build(), 105);
        EXPECT_EQ(reading.summary, c.summary);
        EXPECT_EQ(reading.macs, c.macs) << c.summary;
    }
}

TEST(Ieee80211, AcknowledgementsAreShort) {
    EXPECT_FALSE(read_packet(join({hex("d400 0000"), hex(kFirst)}), 105).malformed);
    EXPECT_TRUE(read_packet(join({hex("b400 0000"), hex(kFirst)}), 105).malformed);  // RTS has two addresses
}

TEST(Ieee80211, AnotherVersionIsMalformed) {
    EXPECT_TRUE(read_packet(frame("0902", false), 105).malformed);
}

}  // namespace
}  // namespace packetsentry::dissect
