#include "daemon/flows/called_name.h"

#include <gtest/gtest.h>

#include <string>

#include "daemon/dissect/dissect.h"
#include "tests/support/dns_answer.h"
#include "tests/support/packet_builder.h"
#include "tests/support/quic_packets.h"

namespace packetsentry::flows {
namespace {

using test::Bytes;
using test::PacketBuilder;

std::string called_in(const Bytes& frame) {
    const auto dissection = std::make_unique<dissect::Dissection>();
    dissect::dissect(frame, frame.size(), 1, *dissection);
    const CalledName called = called_name(*dissection);
    return called.text.empty() ? "" : std::string(to_string(called.source)) + ":" + std::string(called.text);
}

Bytes over_tcp(std::uint16_t port, const Bytes& payload) {
    return PacketBuilder().ethernet().ipv4().tcp(40000, port).payload(payload).build();
}

Bytes tls_hello() {
    return test::hex("16 0301 0050 01 00004C 0303" + std::string(64, '0') + "00 0002 1301 01 00 0021" +
                     "0000 0010 000E 00 000B 6578616D706C652E636F6D" + "002B 0005 04 0304 0303" +
                     "0017 0000");
}

TEST(CalledName, IsInHellosAndRequests) {
    EXPECT_EQ(called_in(over_tcp(443, tls_hello())), "tls:example.com");
    EXPECT_EQ(called_in(PacketBuilder()
                            .ethernet()
                            .ipv6()
                            .udp(40000, 443)
                            .payload(test::quic_initial_of_version_1())
                            .build()),
              "tls:example.com");
    EXPECT_EQ(called_in(over_tcp(80, test::text("GET / HTTP/1.1\r\nHost: Shop.Example:8080\r\n\r\n"))),
              "http:Shop.Example");
    EXPECT_EQ(called_in(over_tcp(8080, test::text("CONNECT far.example:443 HTTP/1.1\r\n\r\n"))),
              "http:far.example");
}

TEST(CalledName, IsInNothingElse) {
    EXPECT_EQ(called_in(over_tcp(80, test::text("HTTP/1.1 200 OK\r\nHost: shop.example\r\n\r\n"))), "");
    EXPECT_EQ(called_in(over_tcp(443, test::hex("17 0303 0020" + std::string(64, '0')))), "");
    EXPECT_EQ(called_in(test::DnsAnswer("shop.example").frame()), "");
}

TEST(PlainName, IsOneFormForAllSpellings) {
    struct Case {
        std::string name, plain;
    };
    const Case cases[] = {
        {"www.Example.COM", "www.example.com"},
        {"www.example.com.", "www.example.com"},
        {"printer", "printer"},
        {"192.0.2.1", ""},
        {"192.0.2.1..", ""},
        {"www.example.com..", "www.example.com"},
        {"[2001:db8::1]", ""},
        {"2001:db8::1", ""},
        {"192.0.2.1.example", "192.0.2.1.example"},
        {".", ""},
        {"", ""},
        {std::string(255, 'A'), std::string(255, 'a')},
        {std::string(256, 'A'), ""},
        {"\xC3\x84"
         "b.example",
         "\xC3\x84"
         "b.example"},
    };
    NameRoom room;
    for (const Case& c : cases) EXPECT_EQ(plain_name(c.name, room), c.plain) << c.name;
}

}  // namespace
}  // namespace packetsentry::flows
