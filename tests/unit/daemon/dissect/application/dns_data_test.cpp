#include "daemon/dissect/application/dns_data.h"

#include <gtest/gtest.h>

#include <memory>

#include "daemon/dissect/application/dns_name.h"
#include "tests/support/packet_builder.h"

namespace packetsentry::dissect {
namespace {

using test::Bytes;
using test::hex;
using test::join;

constexpr std::string_view kNone = "(none)";

// The words for data of this type in a message that has "example.com" at byte 12, and the data at byte 25.
std::string words(std::uint16_t type, const std::string& digits) {
    const Bytes before = join({Bytes(kDnsHeaderBytes), hex("07 6578616D706C65 03 636F6D 00")});
    const Bytes data = hex(digits);
    const Bytes message = join({before, data, hex("FFFFFFFF")});
    const Cursor whole(message);
    Cursor at = whole;
    at.skip(before.size());
    EXPECT_TRUE(at.narrow(data.size()));
    const auto out = std::make_unique<Dissection>();
    out->reset();
    int hops = 0;
    const auto read = read_dns_data(type, whole, at, hops, *out);
    return std::string(read.value_or(kNone));
}

struct DataCase {
    std::string what;
    std::uint16_t type;
    std::string data, words;
};

TEST(DnsData, ReadsAsZoneFilesHaveIt) {
    const DataCase cases[] = {
        {"CNAME", 5, "03 777777 C00C", "www.example.com"},
        {"MX", 15, "000A 02 6D78 C00C", "mx.example.com"},
        {"SOA", 6, "02 6E73 C00C 04 726F6F74 C00C 78B39CDA 00001C20 00000E10 00127500 00000E10",
         "ns.example.com root.example.com 2025037018 7200 3600 1209600 3600"},
        {"SRV", 33, "000A 0014 13C4 03 736970 C00C", "10 20 5060 sip.example.com"},
        {"NAPTR", 35, "0064 000A 01 53 07 5349502B443255 00 04 5F736970 C00C",
         "100 10 \"S\" \"SIP+D2U\" \"\" _sip.example.com"},
        {"CAA", 257, "00 05 6973737565 6C657473656E63727970742E6F7267", "0 issue \"letsencrypt.org\""},
        {"CAA without a value", 257, "80 05 6973737565", "128 issue"},
        {"DS", 43, "EC45 05 01 2BB183AF5F22588179A53B0A98631FAD1A292118",
         "60485 5 1 2bb183af5f22588179a53b0a98631fad1a292118"},
        {"DNSKEY", 48, "0101 03 0D 000102030405", "257 3 13 AAECAwQF"},
        {"DNSKEY with padding", 48, "0100 03 08 00010203", "256 3 8 AAECAw=="},
        {"TLSA", 52, "03 01 01 ABCD", "3 1 1 abcd"},
        {"SSHFP", 44, "04 02 01EF", "4 2 01ef"},
        {"HINFO", 13, "03 525022 00", "\"RP\\\"\" \"\""},
        {"URI", 256, "000A 0001 667470", "10 1 \"ftp\""},
        {"a type that is not read", 47, "00010203", ""},
    };
    for (const DataCase& c : cases) EXPECT_EQ(words(c.type, c.data), c.words) << c.what;
}

// RFC 9460 appendix D has most of these.
TEST(DnsData, ReadsServiceBindings) {
    const std::string target = "03 666F6F C00C";  // foo.example.com
    const DataCase cases[] = {
        {"alias", 65, "0000" + target, "0 foo.example.com"},
        {"its own name", 64, "0001 00", "1 ."},
        {"port", 64, "0010" + target + "0003 0002 0035", "16 foo.example.com port=53"},
        {"a key without a name", 64, "0001" + target + "029B 0005 68656C6C6F",
         "1 foo.example.com key667=68656c6c6f"},
        {"IPv6", 64,
         "0001" + target + "0006 0020 20010DB8000000000000000000000001" + "20010DB8000000000000000000530001",
         "1 foo.example.com ipv6hint=2001:db8::1,2001:db8::53:1"},
        {"mandatory, protocols, IPv4", 65,
         "0010" + target + "0000 0004 00010004" + "0001 0009 02 6832 05 68332D3139" + "0004 0004 C0000201",
         "16 foo.example.com mandatory=alpn,ipv4hint alpn=h2,h3-19 ipv4hint=192.0.2.1"},
        {"what most servers have", 65, "0001 00 0001 0006 02 6833 02 6832 0002 0000 0005 0003 FE0D00",
         "1 . alpn=h3,h2 no-default-alpn ech=/g0A"},
        {"a path for DNS", 64, "0001 00 0007 0010 2F646E732D71756572797B3F646E737D",
         "1 . dohpath=/dns-query{?dns}"},
    };
    for (const DataCase& c : cases) EXPECT_EQ(words(c.type, c.data), c.words) << c.what;
}

TEST(DnsData, SaysNothingWhereItContradictsItsType) {
    const DataCase cases[] = {
        {"a name that leads nowhere", 5, "C0FF", ""},
        {"something behind a name", 5, "C00C 00", ""},
        {"no name", 5, "", ""},
        {"a name that goes beyond the data", 5, "05 6161", ""},
        {"SOA cut short", 6, "C00C C00C 00000001", ""},
        {"SRV without a target", 33, "000A 0014 13C4", ""},
        {"CAA without a tag", 257, "00 00 61", ""},
        {"CAA with a tag that is too long", 257, "00 09 6973737565", ""},
        {"DS of three bytes", 43, "EC45 05", ""},
        {"NAPTR with a text that is too long", 35, "0064 000A 01 53 FF 534950", ""},
        {"a port of three bytes", 65, "0001 00 0003 0003 003500", ""},
        {"a port of one byte", 65, "0001 00 0003 0001 00", ""},
        {"an address of three bytes", 65, "0001 00 0004 0003 C00002", ""},
        {"a protocol beyond its value", 65, "0001 00 0001 0003 09 6832", ""},
        {"a value beyond the data", 65, "0001 00 0001 0009 02 6832", ""},
        {"half a key", 65, "0001 00 00", ""},
    };
    for (const DataCase& c : cases) EXPECT_EQ(words(c.type, c.data), kNone) << c.what;
}

}  // namespace
}  // namespace packetsentry::dissect
