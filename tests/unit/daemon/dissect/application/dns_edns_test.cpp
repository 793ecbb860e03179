#include "daemon/dissect/application/dns_edns.h"

#include <gtest/gtest.h>

#include "daemon/dissect/application/application_protocols.h"
#include "tests/unit/daemon/dissect/application_reading.h"

namespace packetsentry::dissect {
namespace {

using test::cut;
using test::hex;

test::Bytes query(const std::string& option_record) {
    return hex("1234 0100 0001 0000 0000 0001 07 6578616D706C65 03 636F6D 00 0001 0001" + option_record);
}

TEST(DnsEdns, TellsVersionAndSize) {
    const Reading got(dissect_dns, query("00 0029 04D0 00008000 0000"));
    EXPECT_EQ(got.value("packetsentry.dns.edns.version"), "0");
    EXPECT_EQ(got.value("packetsentry.dns.edns.udp_size"), "1232");
    EXPECT_EQ(got.value("packetsentry.dns.edns.client_subnet"), "-");
    EXPECT_EQ(got.value("dns.header_flags"), "RD,DO");
    EXPECT_EQ(got.value("packetsentry.dns.additionals.type"), "-");
    const Reading other(dissect_dns, query("00 0029 0200 00010000 0000"));
    EXPECT_EQ(other.value("packetsentry.dns.edns.version"), "1");
    const Reading none(dissect_dns, hex("1234 0100 0001 0000 0000 0000 00 0001 0001"));
    EXPECT_EQ(none.value("packetsentry.dns.edns.version"), "-");
    EXPECT_EQ(none.value("packetsentry.dns.edns.udp_size"), "-");
}

TEST(DnsEdns, TellsTheClientsSubnet) {
    struct Case {
        std::string what, options, subnet;
    };
    const Case cases[] = {
        {"IPv4", "000B 0008 0007 0001 18 00 C00002", "192.0.2.0/24"},
        {"IPv4, whole", "000C 0008 0008 0001 20 00 C0000201", "192.0.2.1/32"},
        {"IPv6", "000F 0008 000B 0002 38 00 20010DB8000001", "2001:db8:0:100::/56"},
        {"none at all", "0008 0008 0004 0001 00 00", "0.0.0.0/0"},
        {"behind a cookie", "0017 000A 0008 0102030405060708 0008 0007 0001 18 00 C00002", "192.0.2.0/24"},
        {"another option", "000C 000A 0008 0102030405060708", "-"},
        {"another family", "000B 0008 0007 0003 18 00 C00002", "-"},
        {"too many bits", "000B 0008 0007 0001 21 00 C00002", "-"},
        {"too many bytes", "000D 0008 0009 0001 18 00 C000020101", "-"},
        {"shorter than its head", "0007 0008 0003 0001 18", "-"},
        {"beyond the record", "000B 0008 0009 0001 18 00 C00002", "-"},
    };
    for (const Case& c : cases) {
        const Reading got(dissect_dns, query("00 0029 04D0 00000000" + c.options));
        EXPECT_EQ(got.value("packetsentry.dns.edns.client_subnet"), c.subnet) << c.what;
        EXPECT_EQ(got.value("packetsentry.dns.edns.udp_size"), "1232") << c.what;
    }
}

TEST(DnsEdns, ACutRecordIsNotMalformed) {
    const auto whole = query("00 0029 04D0 00000000 000B 0008 0007 0001 18 00 C00002");
    for (std::size_t size = 30; size < whole.size(); ++size) {
        const Reading got(dissect_dns, cut(whole, size), true);
        EXPECT_FALSE(got.out.malformed) << size;
        EXPECT_EQ(got.value("packetsentry.dns.edns.client_subnet"), "-") << size;
    }
}

}  // namespace
}  // namespace packetsentry::dissect
