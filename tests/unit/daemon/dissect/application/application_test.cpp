#include "daemon/dissect/application/application.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/application_reading.h"

namespace packetsentry::dissect {
namespace {

using test::hex;
using test::text;

std::string word(Carrier carrier, std::uint16_t source, std::uint16_t destination,
                 const test::Bytes& payload) {
    Dissection out;
    out.reset();
    dissect_application(carrier, source, destination, Cursor(payload), out);
    return out.protocol == nullptr ? "-" : std::string(out.protocol->word);
}

TEST(Application, IsFoundByPortOrShape) {
    const test::Bytes dns = hex("1234 0100 0001 0000 0000 0000 00 0002 0001");
    const test::Bytes http = text("GET / HTTP/1.1\r\n\r\n");
    const test::Bytes negotiation = hex("80 00000000 00 00 00000001");
    struct Case {
        std::string what;
        Carrier carrier;
        std::uint16_t source, destination;
        test::Bytes payload;
        std::string word;
    };
    const Case cases[] = {
        {"to port 53", Carrier::udp, 40000, 53, dns, "DNS"},
        {"from port 53", Carrier::udp, 53, 40000, dns, "DNS"},
        {"DNS elsewhere", Carrier::udp, 40000, 5300, dns, "-"},
        {"mDNS", Carrier::udp, 5353, 5353, dns, "mDNS"},
        {"LLMNR", Carrier::udp, 40000, 5355, dns, "LLMNR"},
        {"DNS over TCP has a length", Carrier::tcp, 40000, 53, dns, "-"},
        {"DNS over TCP", Carrier::tcp, 40000, 53, test::join({hex("0011"), dns}), "DNS"},
        {"HTTP on its port", Carrier::tcp, 40000, 80, http, "HTTP"},
        {"HTTP on any port", Carrier::tcp, 40000, 31337, http, "HTTP"},
        {"HTTP on the port of DNS", Carrier::tcp, 40000, 53, http, "HTTP"},
        {"HTTP in a datagram", Carrier::udp, 40000, 80, http, "-"},
        {"SSDP", Carrier::udp, 40000, 1900, text("NOTIFY * HTTP/1.1\r\n\r\n"), "SSDP"},
        {"TLS on any port", Carrier::tcp, 40000, 31337, hex("15 0303 0002 0100"), "TLS"},
        {"SSH on any port", Carrier::tcp, 40000, 2222, text("SSH-2.0-x\r\n"), "SSH"},
        {"QUIC on any port", Carrier::udp, 40000, 31337, hex("F3 00000001 00 00"), "QUIC"},
        {"DNS on the port of QUIC", Carrier::udp, 40000, 443,
         hex("D373 0100 0001 0000 0000 0000 03 777777 00 0010 0001"), "DNS"},
        {"a DNS answer from the port of QUIC", Carrier::udp, 443, 40000,
         hex("D373 8180 0001 0001 0000 0000 00 0001 0001 C00C 0001 0001 0000003C 0004 C0000201"), "DNS"},
        {"QUIC of a version that nobody knows", Carrier::udp, 40000, 443, hex("C3 1A2A3A4A 00 00"), "QUIC"},
        {"something behind a DNS message", Carrier::udp, 40000, 443,
         hex("5373 0100 0001 0000 0000 0000 00 0010 0001 00"), "-"},
        {"HTTP/0.9 on a port of HTTP", Carrier::tcp, 40000, 8080, text("GET /x\r\n"), "HTTP"},
        {"HTTP/0.9 elsewhere", Carrier::tcp, 40000, 31337, text("GET /x\r\n"), "-"},
        {"SSL 2 on any port", Carrier::tcp, 40000, 31337, hex("801C 01 0002 0003 0000 0010"), "TLS"},
        {"negotiation on its port", Carrier::udp, 40000, 443, negotiation, "QUIC"},
        {"negotiation elsewhere", Carrier::udp, 40000, 31337, negotiation, "-"},
        {"port 0 is nobody's", Carrier::udp, 0, 0, dns, "-"},
        {"nothing known", Carrier::tcp, 1, 2, text("hello"), "-"},
    };
    for (const Case& c : cases)
        EXPECT_EQ(word(c.carrier, c.source, c.destination, c.payload), c.word) << c.what;
}

TEST(Application, LeavesNoTraceOfWhatItIsNot) {
    const test::Bytes payloads[] = {hex("00"), hex("16 0301"), text("GET x"), text("HTTP/1.1 2"),
                                    hex("C3 00000001 15")};
    for (const Application& row : applications())
        for (const test::Bytes& payload : payloads)
            EXPECT_NE(Reading(row.dissect, payload).line(), "left traces");
}

TEST(Application, EveryRowCanBeReached) {
    for (const Application& row : applications()) EXPECT_TRUE(row.any_port || row.ports.front() != 0);
}

}  // namespace
}  // namespace packetsentry::dissect
