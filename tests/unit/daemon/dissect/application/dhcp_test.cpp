#include <gtest/gtest.h>

#include "daemon/dissect/application/application_protocols.h"
#include "tests/unit/daemon/dissect/application_reading.h"

namespace packetsentry::dissect {
namespace {

using test::Bytes;
using test::cut;
using test::hex;
using test::join;

// The fixed part, with the cookie.
Bytes dhcp_head(const std::string& operation, const std::string& assigned = "00000000") {
    return join({hex(operation + "01 06 00 12345678 0000 0000 00000000" + assigned),
                 Bytes(4 + 4 + 16 + 64 + 128), hex("63825363")});
}

TEST(Dhcp, TellsTheMessage) {
    struct Case {
        std::string what;
        Bytes message;
        std::string line;
    };
    const Case cases[] = {
        {"discover", join({dhcp_head("01"), hex("35 01 01 FF")}), "DHCP Discover"},
        {"offer", join({dhcp_head("02", "C0A80105"), hex("35 01 02 FF")}), "DHCP Offer 192.168.1.5"},
        {"request with a name", join({dhcp_head("01"), hex("00 00 0C 03 6E6173 35 01 03 FF 00 00")}),
         "DHCP Request nas"},
        {"acknowledged", join({dhcp_head("02", "0A000002"), hex("35 01 05 FF")}), "DHCP ACK 10.0.0.2"},
        {"a type not in use", join({dhcp_head("01"), hex("35 01 C8 FF")}), "DHCP"},
        {"nothing after the end counts", join({dhcp_head("01"), hex("FF 35 01 01")}), "DHCP"},
        {"no options", dhcp_head("01"), "DHCP"},
        {"a type of two bytes", join({dhcp_head("01"), hex("35 02 0101 FF")}), "!DHCP"},
        {"an option without length", join({dhcp_head("01"), hex("35 01 01 0C")}), "!DHCP Discover"},
        {"an option beyond the end", join({dhcp_head("01"), hex("35 01 01 0C FF 61")}), "!DHCP Discover"},
        {"shorter than the fixed part", cut(dhcp_head("01"), 200), "!DHCP"},
        {"another operation", join({dhcp_head("03"), hex("35 01 01 FF")}), "-"},
        {"a hardware address too long", join({hex("01 01 11"), Bytes(237), hex("35 01 01 FF")}), "-"},
        {"another cookie", join({cut(dhcp_head("01"), 236), hex("00000000 35 01 01 FF")}), "-"},
    };
    for (const Case& c : cases) EXPECT_EQ(Reading(dissect_dhcp, c.message).line(), c.line) << c.what;
}

TEST(Dhcp, ACutMessageIsNotMalformed) {
    const Bytes whole = join({dhcp_head("02", "C0A80105"), hex("35 01 02 0C 03 6E6173 FF")});
    for (std::size_t size = 3; size < whole.size(); ++size) {
        const Reading got(dissect_dhcp, cut(whole, size), true);
        EXPECT_TRUE(got.taken && !got.out.malformed) << size;
    }
}

TEST(Dhcpv6, TellsTheMessage) {
    struct Case {
        std::string message, line;
    };
    const Case cases[] = {
        {"01 123456 0001 0002 0000", "DHCPv6 Solicit"},
        {"07 123456", "DHCPv6 Reply"},
        {"0B 123456 0008 0002 0000", "DHCPv6 Information-Request"},
        {"0C 00 20010DB8000000000000000000000001 FE800000000000000000000000000001 0009 0001 00",
         "DHCPv6 Relay-Forward"},
        {"0C 00 2001", "!DHCPv6 Relay-Forward"},
        {"01 1234", "!DHCPv6 Solicit"},
        {"01 123456 0001", "!DHCPv6 Solicit"},
        {"01 123456 0001 FFFF 00", "!DHCPv6 Solicit"},
        {"00 123456", "-"},
        {"0E 123456", "-"},
    };
    for (const Case& c : cases)
        EXPECT_EQ(Reading(dissect_dhcpv6, hex(c.message)).line(), c.line) << c.message;
}

}  // namespace
}  // namespace packetsentry::dissect
