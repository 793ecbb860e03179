#include <gtest/gtest.h>

#include "daemon/dissect/application/application_protocols.h"
#include "tests/support/quic_packets.h"
#include "tests/unit/daemon/dissect/application_reading.h"

namespace packetsentry::dissect {
namespace {

using test::cut;
using test::hex;

TEST(Quic, TellsTypeAndVersionOfLongHeaders) {
    struct Case {
        std::string what, payload, line, line_on_its_port;
    };
    const Case cases[] = {
        {"initial", "C3 00000001 02 AABB 01 CC 00 02 0102", "QUIC Initial 1", ""},
        {"initial with a token", "C3 00000001 02 AABB 00 03 010203 4002 0102", "QUIC Initial 1", ""},
        {"coalesced with another", "C3 00000001 00 00 00 02 0102 E3 00000001", "QUIC Initial 1", ""},
        {"0-RTT", "D3 00000001 00 00 01 01", "QUIC 0-RTT 1", ""},
        {"handshake", "E3 00000001 00 00 01 01", "QUIC Handshake 1", ""},
        {"retry", "F3 00000001 00 00 0102", "QUIC Retry 1", ""},
        {"version 2 numbers types otherwise", "D3 6B3343CF 00 00 00 02 0102", "QUIC Initial 2", ""},
        {"version 2 retry", "C3 6B3343CF 00 00 0102", "QUIC Retry 2", ""},
        {"a draft", "C3 FF00001D 00 00 00 01 01", "QUIC draft-29", ""},
        {"Google's", "C3 51303530 08 0102030405060708 00", "QUIC Q050", ""},
        {"negotiation", "80 00000000 00 00 00000001", "-", "QUIC Version Negotiation"},
        {"a version to force negotiation", "C3 1A2A3A4A 00 00", "-", "QUIC 0x1a2a3a4a"},
        {"a length beyond the datagram", "C3 00000001 00 00 00 44B0 0102", "!QUIC Initial 1", ""},
        {"a token beyond the datagram", "C3 00000001 00 00 FFFFFFFFFFFFFFFF", "!QUIC Initial 1", ""},
        {"no length", "E3 00000001 00 00", "!QUIC Handshake 1", ""},
        {"a short header", "43 00000001 00 00", "-", "-"},
        {"the fixed bit unset", "83 00000001 00 00 00 01 01", "-", "-"},
        {"a connection ID too long", "C3 00000001 15 0102030405060708090A0B0C0D0E0F101112131415 00", "-",
         "-"},
        {"a connection ID beyond the datagram", "C3 00000001 14 01", "-", "-"},
        {"four bytes", "C3 000000", "-", "-"},
        {"zeros", "00 00000000 00 00", "-", "-"},
        {"a DNS answer's flags", "C300 8180 0001 0000 0000 0000 00", "-", "QUIC 0x00818000"},
    };
    for (const Case& c : cases) {
        EXPECT_EQ(Reading(dissect_quic, hex(c.payload)).line(), c.line) << c.what;
        EXPECT_EQ(Reading(dissect_quic_any_version, hex(c.payload)).line(),
                  c.line_on_its_port.empty() ? c.line : c.line_on_its_port)
            << c.what;
    }
}

TEST(Quic, ACutDatagramIsNotMalformed) {
    const auto whole = hex("C3 00000001 02 AABB 02 CCDD 03 010203 4004 01020304");
    for (std::size_t size = 5; size < whole.size(); ++size)
        EXPECT_EQ(Reading(dissect_quic, cut(whole, size), true).line(), "QUIC Initial 1") << size;
}

TEST(Quic, TellsConnectionIds) {
    const Reading both(dissect_quic, hex("C3 00000001 02 AA0B 01 CC 00 02 0102"));
    EXPECT_EQ(both.value("packetsentry.quic.destination_connection_id"), "aa0b");
    EXPECT_EQ(both.value("packetsentry.quic.source_connection_id"), "cc");
    const Reading none(dissect_quic, hex("E3 00000001 00 00 01 01"));
    EXPECT_EQ(none.value("packetsentry.quic.destination_connection_id"), "-");
    EXPECT_EQ(none.value("packetsentry.quic.source_connection_id"), "-");
    const Reading negotiation(dissect_quic_any_version, hex("80 00000000 01 0F 01 F0 00000001"));
    EXPECT_EQ(negotiation.value("packetsentry.quic.destination_connection_id"), "0f");
    EXPECT_EQ(negotiation.value("packetsentry.quic.source_connection_id"), "f0");
}

TEST(Quic, TellsTheHelloOfAClientsInitialPacket) {
    struct Case {
        test::Bytes packet;
        std::string line;
    };
    const Case cases[] = {{test::quic_initial_of_version_1(), "QUIC Initial 1 example.com"},
                          {test::quic_initial_of_version_2(), "QUIC Initial 2 example.com"}};
    for (const Case& c : cases) {
        const Reading got(dissect_quic, c.packet);
        EXPECT_EQ(got.line(), c.line);
        EXPECT_EQ(got.value("tls.client.server_name"), "example.com");
        EXPECT_EQ(got.value("packetsentry.tls.client.alpn"), "alpn");
        EXPECT_EQ(got.value("packetsentry.tls.supported_versions"), "1.3");
        EXPECT_EQ(got.value("packetsentry.tls.message"), "Client Hello");
        EXPECT_EQ(got.value("packetsentry.tls.ja4"), "q13d0211an_62ed6f6ca7ad_4d634acda6c0");
        EXPECT_EQ(got.value("packetsentry.tls.ja4_r"),
                  "q13d0211an_1301,1302_0005,000a,000d,001c,002b,002d,0033,0039,ff01_"
                  "0403,0503,0603,0203,0804,0805,0806");
        EXPECT_EQ(got.value("packetsentry.quic.destination_connection_id"), "8394c8f03e515708");
        EXPECT_EQ(got.value("packetsentry.quic.source_connection_id"), "-");
    }
}

TEST(Quic, APacketThatCannotBeOpenedHasNoNameAndIsNotMalformed) {
    const auto whole = test::quic_initial_of_version_1();
    auto changed = whole;
    changed.back() ^= std::byte{1};
    const Reading damaged(dissect_quic, changed);
    EXPECT_EQ(damaged.line(), "QUIC Initial 1");
    EXPECT_EQ(damaged.value("tls.client.server_name"), "-");
    for (std::size_t size = 40; size < whole.size(); size += 29) {
        const Reading got(dissect_quic, cut(whole, size), true);
        EXPECT_EQ(got.line(), "QUIC Initial 1") << size;
        EXPECT_EQ(got.value("tls.client.server_name"), "-") << size;
    }
}

TEST(Quic, TellsTheHelloOfAPacketWithAnotherBehindIt) {
    const Reading got(dissect_quic,
                      test::join({test::quic_initial_of_version_1(), hex("D3 00000001 00 00")}));
    EXPECT_EQ(got.value("tls.client.server_name"), "example.com");
}

}  // namespace
}  // namespace packetsentry::dissect
