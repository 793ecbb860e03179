#include "daemon/transactions/tls_handshakes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/dissect/application/quic_connections.h"
#include "daemon/dissect/dissect.h"
#include "daemon/flows/flow_packet.h"
#include "tests/support/certificates.h"
#include "tests/support/quic_packets.h"
#include "tests/support/tls_messages.h"

namespace packetsentry::transactions {
namespace {

using test::Bytes;
using test::hex;
using test::join;
using test::TlsSegment;
namespace tcp_flag = flows::tcp_flag;

constexpr std::int64_t kTlsPatience = TlsHandshakes::kPatience.count();
constexpr std::uint16_t kClientPort = 40000;
// What the client of TLS 1.3 sends last in its handshake is at least as long as this.
constexpr std::size_t kLastOf13 = 53;

std::string told_value(std::span<const dissect::Field> fields, std::string_view path) {
    std::string values;
    for (const dissect::Field& one : fields) {
        if (one.info->path != path) continue;
        values += values.empty() ? "" : ",";
        values += one.text.empty() ? std::to_string(one.number) : std::string(one.text);
    }
    return values;
}

// What came of the packets, a line for each handshake: "answered 1 2 www.example 1.3 established", with the
// numbers of the packets of both hellos.
struct ToldHandshakes final : TransactionSink {
    void transaction(const Transaction& transaction) override {
        std::string line(outcome_word(transaction.outcome));
        line += ' ' + std::to_string(transaction.request_packet) + ' ' +
                std::to_string(transaction.response_packet);
        for (const auto& [fields, path] : {std::pair(transaction.request, "tls.client.server_name"),
                                           std::pair(transaction.response, "tls.version")})
            if (const std::string value = told_value(fields, path); !value.empty()) line += ' ' + value;
        const std::string established = told_value(transaction.response, "tls.established");
        if (!established.empty()) line += established == "1" ? " established" : " in vain";
        if (told_value(transaction.response, "tls.resumed") == "1") line += " resumed";
        if (told_value(transaction.response, "packetsentry.tls.hello_retry_request") == "1")
            line += " asked again";
        if (const auto alert = told_value(transaction.response, "packetsentry.tls.alert.description");
            !alert.empty())
            line += ' ' + alert;
        if (transaction.repeats != 0) line += " repeated " + std::to_string(transaction.repeats);
        if (transaction.malformed) line += " malformed";
        if (transaction.incomplete) line += " incomplete";
        lines.push_back(line);
        ja4 = told_value(transaction.request, "packetsentry.tls.ja4");
        curve = told_value(transaction.response, "tls.curve");
        cipher = told_value(transaction.response, "tls.cipher");
        subject = told_value(transaction.response, "tls.server.subject");
        protocol = transaction.protocol->word;
        latency_ns = transaction.end_ns - transaction.begin_ns;
        source_port = transaction.tuple.source.port;
    }
    std::vector<std::string> take() { return std::exchange(lines, {}); }

    std::vector<std::string> lines;
    std::string ja4, cipher, curve, subject;
    std::string_view protocol;
    std::int64_t latency_ns = 0;
    std::uint16_t source_port = 0;
};

struct TlsHandshakesTest : testing::Test {
    TlsHandshakesTest() { dissection->quic = &quic; }

    void give(const Bytes& frame, std::size_t captured) {
        dissect::dissect(std::span(frame).first(std::min(captured, frame.size())), frame.size(), 1,
                         *dissection);
        const auto levels = reader.read_levels(*dissection, now, ++number);
        ASSERT_FALSE(levels.empty());
        TlsPacket packet{.tuple = levels.back().tuple,
                         .time_ns = now,
                         .number = number,
                         .seen_on = {.interface = interface}};
        packet.segment = levels.back().tcp;
        packet.payload = dissection->tcp_payload;
        if (handshakes.may_be(*dissection)) handshakes.take(*dissection, packet, now);
    }
    void give_segment(const TlsSegment& segment) { give(test::tls_frame(segment), SIZE_MAX); }
    // The next bytes of the connection.
    void from_client(const Bytes& payload, std::uint16_t port = kClientPort) {
        give_segment({.payload = payload,
                      .sequence = client_sequence,
                      .acknowledgement = server_sequence,
                      .client_port = port});
        client_sequence += static_cast<std::uint32_t>(payload.size());
    }
    void from_server(const Bytes& payload, std::uint16_t port = kClientPort) {
        give_segment(
            {.payload = payload, .sequence = server_sequence, .from_server = true, .client_port = port});
        server_sequence += static_cast<std::uint32_t>(payload.size());
    }
    void datagram(bool from_server, const Bytes& payload) {
        give(test::quic_frame(from_server, payload), SIZE_MAX);
    }
    // All of a handshake of TLS 1.2 behind the hello of the client.
    void answer_by_12() {
        from_server(test::tls_record(test::kTlsHandshake, test::tls_server_hello_of_12()));
        from_client(join({test::tls_change(), test::tls_encrypted(test::kTlsHandshake, 40)}));
        from_server(join({test::tls_change(), test::tls_encrypted(test::kTlsHandshake, 40)}));
    }
    void finish() { ASSERT_TRUE(handshakes.finish(now, 1000)); }

    using Lines = std::vector<std::string>;

    static constexpr std::size_t kMost = 4;
    ToldHandshakes told;
    TlsHandshakes handshakes{7, told, kMost};
    dissect::QuicConnections quic{17};
    flows::FlowPacketReader reader;
    std::unique_ptr<dissect::Dissection> dissection = std::make_unique<dissect::Dissection>();
    std::uint64_t number = 0;
    std::uint32_t interface = 0;
    std::uint32_t client_sequence = 1000, server_sequence = 5000;
    std::int64_t now = 0;
};

TEST_F(TlsHandshakesTest, AreOneRow) {
    from_client(test::tls_client_hello());
    now = 250;
    from_server(
        join({test::tls_server_hello_of_13(), test::tls_change(), test::tls_encrypted(test::kTlsData, 900)}));
    EXPECT_EQ(handshakes.waiting(), 1U);
    EXPECT_TRUE(told.lines.empty()) << "the client has to say that it goes on";
    now = 400;
    from_client(join({test::tls_change(), test::tls_encrypted(test::kTlsData, kLastOf13)}));
    EXPECT_EQ(told.take(), Lines{"answered 1 2 www.example 1.3 established"});
    EXPECT_EQ(told.latency_ns, 250) << "from hello to hello";
    EXPECT_EQ(told.source_port, kClientPort);
    EXPECT_EQ(told.curve, "x25519");
    EXPECT_EQ(told.protocol, "TLS");
    EXPECT_EQ(handshakes.waiting(), 0U);
    from_client(test::tls_encrypted(test::kTlsData, 100));
    give_segment({.sequence = client_sequence, .flags = tcp_flag::fin | tcp_flag::ack});
    finish();
    EXPECT_EQ(told.take(), Lines{});
}

// The alert with which a client of TLS 1.3 refuses a certificate is encrypted, as the rest is.
TEST_F(TlsHandshakesTest, AreNotEstablishedByAnAlert) {
    from_client(test::tls_client_hello());
    from_server(test::tls_server_hello_of_13());
    from_client(join({test::tls_change(), test::tls_encrypted(test::kTlsData, 2 + 1 + 16)}));
    give_segment({.sequence = client_sequence, .flags = tcp_flag::fin | tcp_flag::ack});
    EXPECT_EQ(told.take(), Lines{"answered 1 2 www.example 1.3 in vain"});
}

TEST_F(TlsHandshakesTest, OfVersion12EndWhenBothSidesHaveChanged) {
    from_client(test::tls_client_hello());
    from_server(test::tls_record(
        test::kTlsHandshake,
        join({test::tls_server_hello_of_12(), test::tls_certificate({test::plain_certificate()}),
              test::tls_key_exchange(), test::tls_hello_done()})));
    from_client(join({test::tls_change(), test::tls_encrypted(test::kTlsHandshake, 40)}));
    EXPECT_EQ(told.take(), Lines{});
    from_server(join({test::tls_change(), test::tls_encrypted(test::kTlsHandshake, 40)}));
    EXPECT_EQ(told.take(), Lines{"answered 1 2 www.example 1.2 established"});
    EXPECT_EQ(told.curve, "x25519");
    EXPECT_EQ(told.subject, "CN=www.example.com,O=Example Inc,C=US");
}

TEST_F(TlsHandshakesTest, HaveTheCertificateThatLiesInSeveralSegments) {
    const Bytes flight = join(
        {test::tls_record(test::kTlsHandshake, test::tls_server_hello_of_12()),
         test::tls_record(test::kTlsHandshake, test::tls_certificate({test::certificate_without_end()})),
         test::tls_record(test::kTlsHandshake, join({test::tls_key_exchange(), test::tls_hello_done()}))});
    const auto part = [&](std::size_t from, std::size_t to) {
        to = std::min(to, flight.size());
        return TlsSegment{.payload = Bytes(flight.begin() + static_cast<std::ptrdiff_t>(from),
                                           flight.begin() + static_cast<std::ptrdiff_t>(to)),
                          .sequence = server_sequence + static_cast<std::uint32_t>(from),
                          .from_server = true};
    };
    from_client(test::tls_client_hello());
    give_segment(part(0, 200));
    give_segment(part(500, flight.size()));
    give_segment(part(200, 500));
    give_segment(part(200, 500));  // sent again
    server_sequence += static_cast<std::uint32_t>(flight.size());
    from_client(join({test::tls_change(), test::tls_encrypted(test::kTlsHandshake, 40)}));
    from_server(test::tls_change());
    EXPECT_EQ(told.take(), Lines{"answered 1 2 www.example 1.2 established"});
    EXPECT_TRUE(told.subject.starts_with("UID=u+")) << told.subject;
    EXPECT_EQ(told.curve, "x25519");
}

TEST_F(TlsHandshakesTest, TellThatPartOfTheCertificateIsMissing) {
    const Bytes flight = test::tls_record(
        test::kTlsHandshake,
        join({test::tls_server_hello_of_12(), test::tls_certificate({test::plain_certificate()})}));
    from_client(test::tls_client_hello());
    from_server(test::cut(flight, 300));
    server_sequence += 100;  // of which no packet was captured
    from_client(test::tls_change());
    from_server(test::tls_change());
    EXPECT_EQ(told.take(), Lines{"answered 1 2 www.example 1.2 established incomplete"});
    EXPECT_EQ(told.subject, "");
}

TEST_F(TlsHandshakesTest, TellThatAPacketWasNotCapturedAsAWhole) {
    const Bytes flight = test::tls_record(
        test::kTlsHandshake,
        join({test::tls_server_hello_of_12(), test::tls_certificate({test::plain_certificate()})}));
    from_client(test::tls_client_hello());
    const Bytes frame =
        test::tls_frame({.payload = flight, .sequence = server_sequence, .from_server = true});
    give(frame, frame.size() - flight.size() + 100);
    server_sequence += static_cast<std::uint32_t>(flight.size());
    from_client(test::tls_change());
    from_server(test::tls_change());
    EXPECT_EQ(told.take(), Lines{"answered 1 2 www.example 1.2 established incomplete"});
}

// A server that goes on with an earlier session changes to its keys first.
TEST_F(TlsHandshakesTest, GoOnWithAnEarlierSession) {
    from_client(test::tls_client_hello({.more = test::tls_extension(35, Bytes(64)), .offers_13 = false}));
    from_server(join({test::tls_record(test::kTlsHandshake, test::tls_server_hello_of_12()),
                      test::tls_change(), test::tls_encrypted(test::kTlsHandshake, 40)}));
    from_client(join({test::tls_change(), test::tls_encrypted(test::kTlsHandshake, 40)}));
    EXPECT_EQ(told.take(), Lines{"answered 1 2 www.example 1.2 established resumed"});

    from_client(test::tls_client_hello({.more = test::tls_extension(41, Bytes(64))}), 40001);
    from_server(test::tls_server_hello_of_13(test::tls_extension(41, hex("0000"))), 40001);
    from_client(test::tls_encrypted(test::kTlsData, kLastOf13), 40001);
    EXPECT_EQ(told.take(), Lines{"answered 4 5 www.example 1.3 established resumed"});
}

// What a client sends before the server has answered is no end of a handshake.
TEST_F(TlsHandshakesTest, AreNotEstablishedByEarlyData) {
    from_client(test::tls_client_hello({.more = test::tls_extension(41, Bytes(64))}));
    from_client(join({test::tls_change(), test::tls_encrypted(test::kTlsData, 500)}));
    from_server(test::tls_server_hello_of_13(test::tls_extension(41, hex("0000"))));
    give_segment({.payload = test::tls_encrypted(test::kTlsData, 500),
                  .sequence = client_sequence,
                  .acknowledgement = 5000});  // it was sent before the hello of the server came
    client_sequence += 505;
    EXPECT_EQ(handshakes.waiting(), 1U);
    from_client(test::tls_encrypted(test::kTlsData, kLastOf13));
    EXPECT_EQ(told.take(), Lines{"answered 1 3 www.example 1.3 established resumed"});
}

// The flight of a client with a certificate of its own takes several segments, and its change is in one that
// begins within a record.
TEST_F(TlsHandshakesTest, WithACertificateOfTheClientAreNew) {
    from_client(test::tls_client_hello());
    from_server(test::tls_record(test::kTlsHandshake,
                                 join({test::tls_server_hello_of_12(), test::tls_key_exchange()})));
    const Bytes flight =
        join({test::tls_record(test::kTlsHandshake, join({test::tls_certificate({test::plain_certificate()}),
                                                          test::tls_message(16, Bytes(40))})),
              test::tls_change()});
    from_client(test::cut(flight, 300));
    from_client(Bytes(flight.begin() + 300, flight.end()));
    from_server(join({test::tls_change(), test::tls_encrypted(test::kTlsHandshake, 40)}));
    EXPECT_TRUE(told.lines.empty());
    from_server(test::tls_encrypted(test::kTlsData, 40));
    EXPECT_EQ(told.take(), Lines{"answered 1 2 www.example 1.2 established"});
}

// The packets of the client are not there, but a certificate is.
TEST_F(TlsHandshakesTest, OfWhichOneSideIsSeenAreNew) {
    const Bytes flight =
        test::tls_record(test::kTlsHandshake,
                         join({test::tls_server_hello_of_12(),
                               test::tls_certificate({test::plain_certificate()}), test::tls_hello_done()}));
    from_server(test::cut(flight, 200));
    from_server(Bytes(flight.begin() + 200, flight.end()));
    from_server(test::tls_change());
    from_server(test::tls_encrypted(test::kTlsData, 40));
    EXPECT_EQ(told.take(), Lines{"unasked 0 1 1.2 established"});
    EXPECT_EQ(told.subject, "CN=www.example.com,O=Example Inc,C=US");
}

// A key that no quantum computer finds comes before the extension that says which version it is.
TEST_F(TlsHandshakesTest, ReadAHelloOfTheServerOfSeveralSegments) {
    const Bytes long_key = test::tls_extension(51, join({hex("11EC"), test::sized(Bytes(1120), 2)}));
    const Bytes hello = test::tls_record(
        test::kTlsHandshake,
        test::tls_message(2, join({hex("0303"), Bytes(32), hex("00 1301 00"),
                                   test::sized(join({long_key, test::tls_extension(43, hex("0304"))}), 2)})));
    from_client(test::tls_client_hello());
    from_server(test::cut(hello, 1000));
    from_server(join({Bytes(hello.begin() + 1000, hello.end()), test::tls_change()}));
    from_client(join({test::tls_change(), test::tls_encrypted(test::kTlsData, kLastOf13)}));
    EXPECT_EQ(told.take(), Lines{"answered 1 2 www.example 1.3 established"});
    EXPECT_EQ(told.curve, "X25519MLKEM768");

    // It is told that the rest was not captured, and nothing is said that needs it.
    client_sequence += 2'000'000;
    from_client(test::tls_client_hello());
    const Bytes frame = test::tls_frame({.payload = hello, .sequence = server_sequence, .from_server = true});
    give(frame, frame.size() - hello.size() + 100);
    server_sequence += static_cast<std::uint32_t>(hello.size());
    from_server(test::tls_change());
    from_server(test::tls_encrypted(test::kTlsData, 900));
    from_client(join({test::tls_change(), test::tls_encrypted(test::kTlsData, kLastOf13)}));
    EXPECT_EQ(told.take(), Lines{"answered 5 6 www.example established incomplete"});
}

TEST_F(TlsHandshakesTest, ReadAHelloOfSeveralRecords) {
    const Bytes whole = test::tls_client_hello({.more = test::tls_extension(16, hex("0003 02 6832"))});
    const Bytes message(whole.begin() + 5, whole.end());
    const Bytes records =
        join({test::tls_record(test::kTlsHandshake, test::cut(message, 50)),
              test::tls_record(test::kTlsHandshake, Bytes(message.begin() + 50, message.end()))});
    from_client(records);
    from_server(test::tls_fatal_alert());
    EXPECT_EQ(told.take(), Lines{"unanswered 1 0 www.example handshake_failure"});
    EXPECT_TRUE(told.ja4.starts_with("t13d0203h2_")) << told.ja4;
}

// RFC 6066 section 3: a server that does not know the name may say so and go on.
TEST_F(TlsHandshakesTest, MayBeginWithAWarning) {
    from_client(test::tls_client_hello());
    from_server(
        join({test::tls_record(test::kTlsAlert, hex("01 70")),
              test::tls_record(test::kTlsHandshake, join({test::tls_server_hello_of_12(),
                                                          test::tls_certificate({test::plain_certificate()}),
                                                          test::tls_hello_done()}))}));
    from_client(test::tls_change());
    from_server(test::tls_change());
    EXPECT_EQ(told.take(), Lines{"answered 1 2 www.example 1.2 established unrecognized_name"});
    EXPECT_EQ(told.subject, "CN=www.example.com,O=Example Inc,C=US");
}

// The hello of a client whose keys take more room than a segment has.
TEST_F(TlsHandshakesTest, ReadAHelloOfSeveralSegments) {
    const Bytes whole = test::tls_client_hello(
        {.more = join({test::tls_extension(51, Bytes(1216)), test::tls_extension(16, hex("0003 02 6832"))})});
    const auto sent_in = [&](std::initializer_list<std::pair<std::size_t, std::size_t>> parts) {
        for (const auto& [from, to] : parts)
            give_segment({.payload = Bytes(whole.begin() + static_cast<std::ptrdiff_t>(from),
                                           whole.begin() + static_cast<std::ptrdiff_t>(to)),
                          .sequence = client_sequence + static_cast<std::uint32_t>(from)});
    };
    sent_in({{0, whole.size()}});
    from_server(test::tls_fatal_alert());
    EXPECT_EQ(told.take(), Lines{"unanswered 1 0 www.example handshake_failure"});
    const std::string ja4 = told.ja4;
    EXPECT_TRUE(ja4.starts_with("t13d0204h2_")) << ja4;

    client_sequence += 2'000'000;  // another connection
    sent_in({{0, 1000}, {1000, whole.size()}});
    from_server(test::tls_fatal_alert());
    EXPECT_EQ(told.take(), Lines{"unanswered 3 0 www.example handshake_failure"});
    EXPECT_EQ(told.ja4, ja4);

    client_sequence += 2'000'000;
    sent_in({{0, 40}, {700, whole.size()}, {40, 700}});
    from_server(test::tls_fatal_alert());
    EXPECT_EQ(told.take(), Lines{"unanswered 6 0 www.example handshake_failure"});
    EXPECT_EQ(told.ja4, ja4);

    client_sequence += 2'000'000;
    sent_in({{0, 1000}});
    from_server(test::tls_server_hello_of_13());
    from_client(test::tls_encrypted(test::kTlsData, kLastOf13));
    EXPECT_EQ(told.take(), Lines{"answered 10 11 www.example 1.3 established incomplete"});
    EXPECT_EQ(told.ja4, "");
}

TEST_F(TlsHandshakesTest, AreUnansweredAfterTheirPatience) {
    from_client(test::tls_client_hello());
    handshakes.advance(now = kTlsPatience - 1);
    EXPECT_EQ(told.take(), Lines{});
    handshakes.advance(now = kTlsPatience);
    EXPECT_EQ(told.take(), Lines{"unanswered 1 0 www.example"});
    from_server(test::tls_server_hello_of_13());
    EXPECT_EQ(told.take(), Lines{}) << "it is over, but it is still known";
    handshakes.advance(now = 2 * kTlsPatience);
    from_server(test::tls_server_hello_of_13());
    finish();
    EXPECT_EQ(told.take(), Lines{"unasked 0 3 1.3"});
}

TEST_F(TlsHandshakesTest, EndWithTheirConnection) {
    std::uint16_t port = 1;
    for (const std::uint16_t flag : {tcp_flag::fin, tcp_flag::rst})
        for (const bool by_server : {false, true}) {
            from_client(test::tls_client_hello(), ++port);
            give_segment({.sequence = 9000,
                          .from_server = by_server,
                          .client_port = port,
                          .flags = static_cast<std::uint8_t>(flag | tcp_flag::ack)});
        }
    EXPECT_EQ(told.take(), (Lines{"unanswered 1 0 www.example", "unanswered 3 0 www.example",
                                  "unanswered 5 0 www.example", "unanswered 7 0 www.example"}));
    EXPECT_EQ(handshakes.waiting(), 0U);
}

TEST_F(TlsHandshakesTest, EndByAFatalAlert) {
    from_client(test::tls_client_hello());
    from_server(test::tls_record(test::kTlsHandshake,
                                 join({test::tls_server_hello_of_12(), test::tls_hello_done()})));
    from_client(test::tls_fatal_alert());
    EXPECT_EQ(told.take(), Lines{"answered 1 2 www.example 1.2 in vain handshake_failure"});
    // Nobody has a word for this one, which ends it nevertheless.
    from_client(test::tls_client_hello(), 40002);
    from_server(test::tls_record(test::kTlsAlert, hex("02 FE")), 40002);
    EXPECT_EQ(told.take(), Lines{"unanswered 4 0 www.example"});
    // A warning does not end one.
    from_client(test::tls_client_hello(), 40001);
    from_server(test::tls_record(test::kTlsAlert, hex("01 70")), 40001);
    EXPECT_EQ(handshakes.waiting(), 1U);
    answer_by_12();
    EXPECT_EQ(handshakes.waiting(), 1U) << "it belongs to another connection";
}

TEST_F(TlsHandshakesTest, KnowHellosThatAreSentAgain) {
    const Bytes hello = test::tls_client_hello();
    give_segment({.payload = hello, .sequence = 1000});
    give_segment({.payload = hello, .sequence = 1000});
    interface = 1;
    give_segment({.payload = hello, .sequence = 1000});  // the first one, seen elsewhere
    interface = 0;
    client_sequence += static_cast<std::uint32_t>(hello.size());
    answer_by_12();
    EXPECT_EQ(told.take(), Lines{"answered 1 4 www.example 1.2 established repeated 1"});
    give_segment({.payload = hello, .sequence = 1000});
    finish();
    EXPECT_EQ(told.take(), Lines{}) << "a late copy is no other handshake";
}

TEST_F(TlsHandshakesTest, BeginAgainBetweenTheSameEnds) {
    from_client(test::tls_client_hello());
    client_sequence += 2'000'000'000;
    from_client(test::tls_client_hello({.name = "other.example"}));
    EXPECT_EQ(told.take(), Lines{"unanswered 1 0 www.example"});
    answer_by_12();
    EXPECT_EQ(told.take(), Lines{"answered 2 3 other.example 1.2 established"});
    client_sequence += 100;
    from_client(test::tls_client_hello({.name = "third.example"}));
    answer_by_12();
    EXPECT_EQ(told.take(), Lines{"answered 6 7 third.example 1.2 established"});
}

TEST_F(TlsHandshakesTest, MayTakeASecondHello) {
    from_client(test::tls_client_hello());
    from_server(test::tls_hello_retry_request());
    from_client(join({test::tls_change(), test::tls_client_hello()}));
    now = 700;
    from_server(test::tls_server_hello_of_13());
    from_client(test::tls_encrypted(test::kTlsData, kLastOf13));
    EXPECT_EQ(told.take(), Lines{"answered 1 4 www.example 1.3 established asked again"});
    EXPECT_EQ(told.latency_ns, 700);
}

TEST_F(TlsHandshakesTest, MayHaveBegunBeforeTheCapture) {
    from_server(test::tls_server_hello_of_13());
    from_client(test::tls_encrypted(test::kTlsData, kLastOf13));
    EXPECT_EQ(told.take(), Lines{"unasked 0 1 1.3 established"});
    EXPECT_EQ(told.source_port, kClientPort) << "whom the server answers is the source";
    from_client(test::tls_encrypted(test::kTlsData, 100), 40001);
    finish();
    EXPECT_EQ(told.take(), Lines{}) << "there was no hello";
}

TEST_F(TlsHandshakesTest, AreBounded) {
    for (std::uint16_t port = 1; port <= kMost + 2; ++port) from_client(test::tls_client_hello(), port);
    EXPECT_EQ(told.take(), (Lines{"evicted 1 0 www.example", "evicted 2 0 www.example"}));
    EXPECT_EQ(handshakes.evicted(), 2U);
    EXPECT_EQ(handshakes.waiting(), kMost);
    // One that is over goes before those that wait.
    give_segment({.sequence = 9000, .client_port = 5, .flags = tcp_flag::rst});
    EXPECT_EQ(told.take(), Lines{"unanswered 5 0 www.example"});
    from_client(test::tls_client_hello(), 50);
    EXPECT_EQ(told.take(), Lines{});
    EXPECT_EQ(handshakes.evicted(), 2U);
}

// Everybody may begin a hello, and leave it at that.
TEST_F(TlsHandshakesTest, HaveRoomForSeveralSegmentsOnlySoOften) {
    TlsHandshakes many(7, told);
    const Bytes whole = test::tls_client_hello({.more = test::tls_extension(51, Bytes(1216))});
    const auto give_part = [&](std::uint16_t port, std::size_t from, std::size_t to) {
        const Bytes part(whole.begin() + static_cast<std::ptrdiff_t>(from),
                         whole.begin() + static_cast<std::ptrdiff_t>(to));
        const Bytes frame = test::tls_frame(
            {.payload = part, .sequence = 1000 + static_cast<std::uint32_t>(from), .client_port = port});
        dissect::dissect(frame, frame.size(), 1, *dissection);
        const auto levels = reader.read_levels(*dissection, now, ++number);
        TlsPacket packet{.tuple = levels.back().tuple, .time_ns = now, .number = number};
        packet.segment = levels.back().tcp;
        packet.payload = dissection->tcp_payload;
        if (many.may_be(*dissection)) many.take(*dissection, packet, now);
    };
    const auto last = static_cast<std::uint16_t>(TlsHandshakes::kGathering + 1);
    for (std::uint16_t port = 1; port <= last; ++port) give_part(port, 0, 1000);
    for (std::uint16_t port = 1; port <= last; ++port) give_part(port, 1000, whole.size());
    ASSERT_TRUE(many.finish(now, 1000));
    ASSERT_EQ(told.lines.size(), last);
    for (std::size_t i = 1; i < told.lines.size(); ++i)
        EXPECT_EQ(told.lines[i], "stopped " + std::to_string(i + 1) + " 0 www.example");
    EXPECT_TRUE(told.lines.front().ends_with(" incomplete")) << told.lines.front();
}

TEST_F(TlsHandshakesTest, OfQuicAreEstablishedByAShortHeader) {
    const Bytes reply = join({hex("C0 00000001 00 08 1122334455667788 00 4016"), Bytes(22)});
    const Bytes handshake = join({hex("E0 00000001 00 08 1122334455667788 4016"), Bytes(22)});
    const Bytes short_header = join({hex("40 1122334455667788"), Bytes(30)});
    datagram(false, test::quic_initial_of_version_1());
    datagram(false, test::quic_initial_of_version_1());
    now = 300;
    datagram(true, reply);
    datagram(true, handshake);
    datagram(true, short_header);
    EXPECT_EQ(told.take(), Lines{}) << "a server may send before the client has shown that it agrees";
    datagram(false, short_header);
    EXPECT_EQ(told.take(), Lines{"answered 1 3 example.com 1.3 established repeated 1"});
    EXPECT_EQ(told.protocol, "QUIC");
    EXPECT_EQ(told.latency_ns, 300);
    datagram(false, test::quic_initial_of_version_1());
    finish();
    EXPECT_EQ(told.take(), Lines{}) << "a late copy is no other handshake";
}

TEST_F(TlsHandshakesTest, OfQuicHaveTheHelloOfTheServer) {
    datagram(false, test::quic_initial_of_version_1());
    now = 200;
    datagram(true, test::quic_answer_of_version_1());
    datagram(false, join({hex("40 F067A5502A4262B5"), Bytes(30)}));
    EXPECT_EQ(told.take(), Lines{"answered 1 2 example.com 1.3 established"});
    EXPECT_EQ(told.cipher, "TLS_AES_128_GCM_SHA256");
    EXPECT_EQ(told.curve, "x25519");
    EXPECT_EQ(told.protocol, "QUIC");
    EXPECT_EQ(told.latency_ns, 200);
}

// The server may acknowledge the hello of the client before it has one of its own.
TEST_F(TlsHandshakesTest, OfQuicAreAnsweredByTheHelloIfItIsKnown) {
    datagram(false, test::quic_initial_of_version_1());
    datagram(true, join({hex("C0 00000001 00 08 F067A5502A4262B5 00 4016"), Bytes(22)}));
    datagram(true, test::quic_answer_of_version_1());
    datagram(false, join({hex("40 F067A5502A4262B5"), Bytes(30)}));
    EXPECT_EQ(told.take(), Lines{"answered 1 3 example.com 1.3 established"});
}

const Bytes kFirstId = hex("8394C8F03E515708"), kServerId = hex("1122334455667788");

// A message of the handshake without its record, and an Initial packet with so much of it.
Bytes message_in(const Bytes& record) {
    return {record.begin() + 5, record.end()};
}
Bytes client_initial(const Bytes& message, const Bytes& id = kFirstId, const Bytes& keys = kFirstId,
                     std::size_t from = 0, std::size_t to = SIZE_MAX) {
    return test::quic_initial(
        {.frames = test::quic_crypto_frame(message, from, to), .first_id = keys, .destination_id = id});
}
Bytes server_initial(const Bytes& frames, const Bytes& keys = kFirstId) {
    return test::quic_initial({.from_server = true,
                               .frames = frames,
                               .first_id = keys,
                               .destination_id = {},
                               .source_id = kServerId});
}
Bytes server_hello_in(const Bytes& message, std::size_t from = 0, std::size_t to = SIZE_MAX) {
    return server_initial(test::quic_crypto_frame(message, from, to));
}
const Bytes kOnlyAck = join({hex("02 00000000"), Bytes(20)});
const Bytes kShortOfQuic = join({hex("40"), kServerId, Bytes(30)});

// RFC 9000 section 13.2.1: the server acknowledges the first half at once, and the second one goes to the ID
// that it has told by that.
TEST_F(TlsHandshakesTest, OfQuicHaveAHelloOfSeveralDatagrams) {
    const Bytes hello = message_in(test::tls_client_hello());
    datagram(false, client_initial(hello, kFirstId, kFirstId, 0, 60));
    datagram(true, server_initial(kOnlyAck));
    datagram(false, client_initial(hello, kServerId, kFirstId, 60));
    datagram(true, server_hello_in(message_in(test::tls_server_hello_of_13())));
    datagram(false, kShortOfQuic);
    EXPECT_EQ(told.take(), Lines{"answered 1 4 www.example 1.3 established"});
    EXPECT_TRUE(told.ja4.starts_with("q13d02")) << told.ja4;
    // The client may not know yet that its hello has come.
    datagram(false, client_initial(hello, kServerId, kFirstId, 0));
    finish();
    EXPECT_EQ(told.take(), Lines{});
}

TEST_F(TlsHandshakesTest, OfQuicHaveAHelloOfTheServerOfSeveralDatagrams) {
    const Bytes long_key = test::tls_extension(51, join({hex("11EC"), test::sized(Bytes(1120), 2)}));
    const Bytes extensions =
        join({test::tls_extension(41, hex("0000")), long_key, test::tls_extension(43, hex("0304"))});
    const Bytes answer =
        test::tls_message(2, join({hex("0303"), Bytes(32), hex("00 1301 00"), test::sized(extensions, 2)}));
    datagram(false, client_initial(message_in(test::tls_client_hello())));
    datagram(true, server_hello_in(answer, 0, 1000));
    datagram(true, server_hello_in(answer, 1000));
    datagram(false, kShortOfQuic);
    EXPECT_EQ(told.take(), Lines{"answered 1 2 www.example 1.3 established resumed"});
    EXPECT_EQ(told.curve, "X25519MLKEM768");

    quic = dissect::QuicConnections(17);
    datagram(false, client_initial(message_in(test::tls_client_hello()), hex("99"), hex("99")));
    datagram(true, server_initial(test::quic_crypto_frame(answer, 0, 1000), hex("99")));
    datagram(false, kShortOfQuic);
    EXPECT_EQ(told.take(), Lines{"answered 5 6 www.example 1.3 established incomplete"});
}

// RFC 9000 section 17.2.5: the client begins again with the ID of the Retry, from which new keys follow.
TEST_F(TlsHandshakesTest, OfQuicMayBeginWithARetry) {
    const Bytes hello = message_in(test::tls_client_hello()), retry_id = hex("AABBCCDDEEFF");
    datagram(false, client_initial(hello));
    datagram(true, join({hex("F0 00000001 00"), test::sized(retry_id, 1), Bytes(40)}));
    datagram(false, client_initial(hello, retry_id, retry_id));
    datagram(true, server_initial(kOnlyAck, retry_id));
    datagram(false, client_initial(hello, retry_id, retry_id));
    datagram(true,
             server_initial(test::quic_crypto_frame(message_in(test::tls_server_hello_of_13()), 0, SIZE_MAX),
                            retry_id));
    datagram(false, client_initial(hello, retry_id, retry_id));
    datagram(false, kShortOfQuic);
    EXPECT_EQ(told.take(), Lines{"answered 1 6 www.example 1.3 established repeated 1"});
    finish();
    EXPECT_EQ(told.take(), Lines{});
}

// The real hello follows in the stream of the server.
TEST_F(TlsHandshakesTest, OfQuicMayTakeASecondHello) {
    const Bytes hello = message_in(test::tls_client_hello());
    const Bytes retry = message_in(test::tls_hello_retry_request());
    const Bytes both = join({retry, message_in(test::tls_server_hello_of_13())});
    datagram(false, client_initial(hello));
    datagram(true, server_hello_in(retry));
    datagram(false, client_initial(join({hello, hello}), kServerId, kFirstId, hello.size()));
    datagram(true, server_hello_in(both, retry.size()));
    datagram(false, kShortOfQuic);
    EXPECT_EQ(told.take(), Lines{"answered 1 4 www.example 1.3 established asked again"});
    EXPECT_EQ(told.curve, "x25519");
}

// An acknowledgement is no hello.
TEST_F(TlsHandshakesTest, OfQuicAreNotAnsweredByWhatIsNoHello) {
    datagram(false, client_initial(message_in(test::tls_client_hello())));
    datagram(true, server_initial(kOnlyAck));
    handshakes.advance(now = kTlsPatience);
    EXPECT_EQ(told.take(), Lines{"unanswered 1 0 www.example"});
}

TEST_F(TlsHandshakesTest, OfQuicMayStayWithoutAnswer) {
    datagram(false, test::quic_initial_of_version_2());
    handshakes.advance(now = kTlsPatience);
    EXPECT_EQ(told.take(), Lines{"unanswered 1 0 example.com"});
}

TEST_F(TlsHandshakesTest, AreStoppedWithTheCapture) {
    for (std::uint16_t port = 1; port <= 3; ++port) from_client(test::tls_client_hello(), port);
    from_server(test::tls_server_hello_of_13(), 3);
    EXPECT_FALSE(handshakes.finish(now, 2));
    EXPECT_EQ(told.take(), (Lines{"stopped 1 0 www.example", "stopped 2 0 www.example"}));
    EXPECT_TRUE(handshakes.finish(now, 2));
    EXPECT_EQ(told.take(), Lines{"answered 3 4 www.example 1.3"}) << "nobody knows what would have come";
}

}  // namespace
}  // namespace packetsentry::transactions
