#include "daemon/dissect/application/quic_connections.h"

#include <gtest/gtest.h>

#include <memory>

#include "daemon/dissect/application/quic_hello.h"
#include "daemon/dissect/dissect.h"
#include "tests/support/quic_packets.h"
#include "tests/unit/daemon/dissect/field_text.h"

namespace packetsentry::dissect {
namespace {

using test::Bytes;
using test::hex;
using test::join;

constexpr std::size_t kFrameHead = 4;  // of the CRYPTO frame in the RFC's example

Bytes piece(const Bytes& handshake, std::size_t from, std::size_t to) {
    return test::quic_crypto_frame(handshake, from, to);
}

struct QuicConnectionsTest : testing::Test {
    QuicConnectionsTest() {
        const Bytes whole = test::quic_crypto_frame();
        handshake.assign(whole.begin() + kFrameHead, whole.end());
        out->quic = &connections;
    }
    // What a datagram of this client says of the server's name; "-" where there is no hello.
    std::string name_in(const Bytes& frames, std::string_view client = "192.0.2.1",
                        const Bytes& id = hex("0102030405060708"), QuicSide sender = QuicSide::client) {
        out->reset();
        out->source = base::parse_ip(client).value();
        out->destination = base::parse_ip("198.51.100.7").value();
        out->source_port = 50'000;
        out->destination_port = 443;
        if (!read_quic_hello(Cursor(frames), sender, id, *out)) return "-";
        std::string name;
        for (const Field& field : out->fields())
            if (field.info->path == "tls.client.server_name") name = field.text;
        return name;
    }
    void dissect_udp(std::uint16_t from, std::uint16_t to, const Bytes& payload) {
        frame =
            test::PacketBuilder()
                .ethernet()
                .ipv4(from == 443 ? "198.51.100.7" : "192.0.2.1", from == 443 ? "192.0.2.1" : "198.51.100.7")
                .udp(from, to)
                .payload(payload)
                .build();
        dissect(frame, frame.size(), 1, *out);
    }

    Bytes handshake;
    Bytes frame;
    QuicConnections connections{17};
    std::unique_ptr<Dissection> out = std::make_unique<Dissection>();
};

TEST_F(QuicConnectionsTest, AHelloOfSeveralDatagramsIsPutTogether) {
    const std::size_t half = handshake.size() / 4;
    const Bytes first = piece(handshake, 0, half), second = piece(handshake, half, handshake.size());
    EXPECT_EQ(name_in(first), "") << "the name is not in it";
    EXPECT_EQ(name_in(second), "example.com");
    EXPECT_EQ(name_in(second), "example.com") << "whoever asks again is told the same";
}

TEST_F(QuicConnectionsTest, PiecesComeInAnyOrder) {
    const Bytes last = piece(handshake, 100, handshake.size());
    EXPECT_EQ(name_in(join({last, piece(handshake, 3, 40)})), "-") << "its beginning has not come";
    EXPECT_EQ(name_in(join({piece(handshake, 30, 110), piece(handshake, 0, 5)})), "example.com");
}

TEST_F(QuicConnectionsTest, AHelloThatIsWholeNeedsNoOther) {
    EXPECT_EQ(name_in(piece(handshake, 0, handshake.size())), "example.com");
    out->quic = nullptr;
    EXPECT_EQ(name_in(piece(handshake, 0, handshake.size())), "example.com");
    EXPECT_EQ(name_in(piece(handshake, 100, handshake.size())), "-");
}

TEST_F(QuicConnectionsTest, PiecesOfOthersAreNotMixed) {
    const Bytes first = piece(handshake, 0, 60), second = piece(handshake, 60, handshake.size());
    (void)name_in(first);
    EXPECT_EQ(name_in(second, "192.0.2.9"), "-") << "another client";
    EXPECT_EQ(name_in(second, "192.0.2.1", hex("09")), "-") << "another connection of this client";
    EXPECT_EQ(name_in(second, "192.0.2.1", hex("0102030405060708"), QuicSide::server), "-")
        << "the other side of it";
    EXPECT_EQ(name_in(second), "example.com");
}

// Somebody who sends pieces with a wrong content behind the true ones changes nothing.
TEST_F(QuicConnectionsTest, TheFirstPieceThatCameIsTold) {
    (void)name_in(piece(handshake, 60, handshake.size()));
    Bytes wrong(handshake.size(), std::byte{0x41});
    (void)name_in(piece(wrong, 100, handshake.size()));
    EXPECT_EQ(name_in(piece(handshake, 0, 60)), "example.com");
}

TEST_F(QuicConnectionsTest, PiecesBeyondTheLimitAreLeftOut) {
    Bytes large(QuicConnections::kHelloLimit + 200, std::byte{0x41});
    for (std::size_t at = 1; at < large.size(); at += 200)
        EXPECT_EQ(name_in(piece(large, at, std::min(at + 200, large.size()))), "-");
    out->reset();
    const QuicPiece beyond{.offset = ~std::uint64_t{0}, .bytes = "x"};
    EXPECT_EQ(connections.join(*out, QuicSide::client, {}, {&beyond, 1}), "");
}

TEST_F(QuicConnectionsTest, AFloodCostsNothingButWhatIsKnownOfOthers) {
    const Bytes first = piece(handshake, 0, 60);
    for (std::uint32_t i = 0; i < 10'000; ++i) (void)name_in(first, "192.0.2.1", test::big_endian(i, 4));
    EXPECT_EQ(name_in(piece(handshake, 0, handshake.size())), "example.com");
}

TEST_F(QuicConnectionsTest, ShortHeadersAreQuicBetweenHostsThatSpeakIt) {
    const Bytes with_short_header = hex("45 0102030405060708 090A0B0C0D0E0F");
    dissect_udp(443, 50'000, with_short_header);
    EXPECT_EQ(out->protocol->word, "UDP");
    dissect_udp(50'000, 443, hex("E3 00000001 00 00 01 01"));
    EXPECT_EQ(out->protocol->word, "QUIC");
    dissect_udp(443, 50'000, with_short_header);
    EXPECT_EQ(out->protocol->word, "QUIC");
    EXPECT_TRUE(out->fields().empty());
    EXPECT_FALSE(out->malformed);
    dissect_udp(50'000, 443, with_short_header);
    EXPECT_EQ(out->protocol->word, "QUIC") << "both directions";
    dissect_udp(50'001, 443, with_short_header);
    EXPECT_EQ(out->protocol->word, "UDP") << "other ends";
    out->quic = nullptr;
    dissect_udp(443, 50'000, with_short_header);
    EXPECT_EQ(out->protocol->word, "UDP") << "nothing is known of other packets";
}

// Nobody can open the packet of a server who has not seen that of its client.
TEST_F(QuicConnectionsTest, TheHelloOfAServerIsReadBehindThatOfItsClient) {
    const auto told = [&](std::string_view path) {
        const auto found =
            std::ranges::find(out->fields(), path, [](const Field& one) { return one.info->path; });
        return found == out->fields().end() ? "-" : std::string(found->text);
    };
    struct Example {
        Bytes hello, answer;
    };
    const Example examples[] = {{test::quic_initial_of_version_1(), test::quic_answer_of_version_1()},
                                {test::quic_initial_of_version_2(), test::quic_answer_of_version_2()}};
    std::uint16_t port = 50'000;
    for (const auto& [hello, answer] : examples) {
        ++port;
        dissect_udp(443, port, answer);
        EXPECT_EQ(told("packetsentry.tls.message"), "-");
        dissect_udp(port, 443, hello);
        EXPECT_EQ(told("packetsentry.tls.message"), "Client Hello");
        dissect_udp(443, port, answer);
        EXPECT_EQ(told("packetsentry.tls.message"), "Server Hello");
        EXPECT_EQ(told("tls.cipher"), "TLS_AES_128_GCM_SHA256");
        EXPECT_EQ(told("tls.version"), "1.3");
        EXPECT_EQ(told("tls.curve"), "x25519");
        EXPECT_FALSE(out->malformed);
        dissect_udp(port, 443, answer);
        EXPECT_EQ(told("packetsentry.tls.message"), "-") << "the client does not send it";
        dissect_udp(443, port, hello);
        EXPECT_EQ(told("packetsentry.tls.message"), "Client Hello") << "the server may begin, too";
    }
}

// RFC 9287.
TEST_F(QuicConnectionsTest, TheFixedBitMayBeClearedBetweenHostsThatSpeakIt) {
    const Bytes rest = hex("030405060708090A0B0C0D0E0F1011121314");
    const Bytes short_one = join({hex("050102"), rest});
    const Bytes stun = join({hex("00010000 2112A442"), rest}), dtls = join({hex("17FEFD"), rest});
    const Bytes long_one = hex("A3 00000001 00 00 01 01");
    const Bytes of_no_version = hex("A3 0A0A0A0A 00 00 01 01");
    const auto words = [&] {
        std::string all;
        for (const Bytes& datagram : {short_one, long_one, of_no_version, stun, dtls, hex("00"), Bytes{}}) {
            dissect_udp(443, 50'000, datagram);
            all += std::string(out->protocol->word) + " ";
            EXPECT_FALSE(out->malformed);
        }
        return all;
    };
    EXPECT_EQ(words(), "UDP UDP UDP UDP UDP UDP UDP ");
    dissect_udp(50'000, 443, hex("E3 00000001 00 00 01 01"));
    EXPECT_EQ(words(), "QUIC QUIC UDP UDP UDP UDP UDP ");
}

}  // namespace
}  // namespace packetsentry::dissect
