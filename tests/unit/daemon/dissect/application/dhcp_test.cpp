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

TEST(Dhcp, TellsWhatIsAskedForAndGiven) {
    const Reading got(dissect_dhcp,
                      join({dhcp_head("01"), hex("35 01 03"), hex("32 04 C0A80107"), hex("33 04 00000E10"),
                            hex("36 04 C0A80101"), hex("3C 08 4D53465420352E30"), hex("FF")}));
    EXPECT_EQ(got.line(), "DHCP Request");
    EXPECT_EQ(got.value("packetsentry.dhcp.requested_ip"), "192.168.1.7");
    EXPECT_EQ(got.value("packetsentry.dhcp.lease_time"), "3600");
    EXPECT_EQ(got.value("packetsentry.dhcp.server_id"), "192.168.1.1");
    EXPECT_EQ(got.value("packetsentry.dhcp.vendor_class"), "MSFT 5.0");
    EXPECT_EQ(got.value("packetsentry.dhcp.client_mac"), "00-00-00-00-00-00");
    for (const std::string option : {"32 03 C0A801", "36 05 C0A8010100", "33 03 000E10", "33 05 0000000E10"})
        EXPECT_EQ(Reading(dissect_dhcp, join({dhcp_head("01"), hex("35 01 03" + option)})).line(),
                  "!DHCP Request")
            << option;
}

TEST(Dhcp, TellsTheClientsWholeName) {
    struct Case {
        std::string what, option, name;
    };
    const Case cases[] = {
        {"a label beyond the option", "51 08 04 00 00 03 6E6173 06", "-"},
        {"as whole labels", "51 0E 05 00 00 03 6E6173 05 6C6F63616C 00", "nas.local"},
        {"a part of a name", "51 07 04 00 00 03 6E6173", "nas"},
        {"as text", "51 06 01 00 00 6E6173", "nas"},
        {"an empty one", "51 03 05 00 00", "-"},
        {"the root", "51 04 05 00 00 00", "-"},
        {"without its flags", "51 02 05 00", "-"},
        {"a pointer", "51 05 05 00 00 C00C", "-"},
        {"something behind the end", "51 06 05 00 00 01 61 00", "a"},
        {"labels behind the end", "51 08 05 00 00 01 61 00 01 62", "-"},
    };
    for (const Case& c : cases)
        EXPECT_EQ(Reading(dissect_dhcp, join({dhcp_head("01"), hex("35 01 03" + c.option + "FF")}))
                      .value("packetsentry.dhcp.client_fqdn"),
                  c.name)
            << c.what;
}

TEST(Dhcp, TellsTheClientsHardwareAddress) {
    Bytes message = join({dhcp_head("01"), hex("35 01 01 FF")});
    for (std::size_t i = 0; i < 6; ++i) message[28 + i] = static_cast<std::byte>(i + 2);
    EXPECT_EQ(Reading(dissect_dhcp, message).value("packetsentry.dhcp.client_mac"), "02-03-04-05-06-07");
    message[1] = std::byte{6};  // a token ring
    EXPECT_EQ(Reading(dissect_dhcp, message).value("packetsentry.dhcp.client_mac"), "-");
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

TEST(Dhcpv6, TellsAddressesAndTheClientsName) {
    const std::string address = "20010DB8000000000000000000000001 00000E10 00001C20";
    struct Case {
        std::string what, options, addresses, name;
    };
    const Case cases[] = {
        {"one address", "0003 0028 00000001 00000000 00000000 0005 0018" + address, "2001:db8::1", "-"},
        {"a temporary one", "0004 0020 00000001 0005 0018" + address, "2001:db8::1", "-"},
        {"two", "0003 0044 00000001 00000000 00000000 0005 0018" + address + "0005 0018" + address,
         "2001:db8::1,2001:db8::1", "-"},
        {"none", "0003 000C 00000001 00000000 00000000", "-", "-"},
        {"a status between", "0003 002E 00000001 00000000 00000000 000D 0002 0000 0005 0018" + address,
         "2001:db8::1", "-"},
        {"an address that is cut short", "0003 0014 00000001 00000000 00000000 0005 0004 20010DB8", "-", "-"},
        {"a name", "0027 0009 01 03 6E6173 02 6C6E 00", "-", "nas.ln"},
        {"a part of one", "0027 0005 01 03 6E6173", "-", "nas"},
        {"no name", "0027 0001 01", "-", "-"},
        {"no flags", "0027 0000", "-", "-"},
    };
    for (const Case& c : cases) {
        const Reading got(dissect_dhcpv6, hex("01 123456" + c.options));
        EXPECT_EQ(got.line(), "DHCPv6 Solicit") << c.what;
        EXPECT_EQ(got.value("packetsentry.dhcpv6.addresses"), c.addresses) << c.what;
        EXPECT_EQ(got.value("packetsentry.dhcpv6.client_fqdn"), c.name) << c.what;
    }
}

}  // namespace
}  // namespace packetsentry::dissect
