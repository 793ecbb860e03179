#include "daemon/transactions/http_exchanges.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "daemon/dissect/dissect.h"
#include "daemon/flows/flow_packet.h"
#include "tests/support/http_segment.h"

namespace packetsentry::transactions {
namespace {

using test::HttpSegment;
namespace tcp_flag = flows::tcp_flag;

constexpr std::int64_t kOneSecond = 1'000'000'000;
constexpr std::int64_t kHttpPatience = HttpExchanges::kPatience.count();
constexpr std::uint8_t kAck = tcp_flag::ack, kFin = tcp_flag::fin, kRst = tcp_flag::rst, kSyn = tcp_flag::syn;

std::string value_of(std::span<const dissect::Field> fields, std::string_view path) {
    for (const dissect::Field& one : fields)
        if (one.info->path == path)
            return one.info->kind == dissect::FieldKind::text ? std::string(one.text)
                                                              : std::to_string(one.number);
    return {};
}

// What came of the segments, a word each: "answered 1 2 /a 200", with the numbers of the packets.
struct ToldExchanges final : TransactionSink {
    void transaction(const Transaction& transaction) override {
        std::string text(outcome_word(transaction.outcome));
        text += ' ' + std::to_string(transaction.request_packet) + ' ' +
                std::to_string(transaction.response_packet);
        for (const auto& [fields, path] : {std::pair(transaction.request, "url.original"),
                                           std::pair(transaction.response, "http.response.status_code")})
            if (const std::string value = value_of(fields, path); !value.empty()) text += ' ' + value;
        if (transaction.repeats != 0) text += " repeated " + std::to_string(transaction.repeats);
        if (transaction.incomplete) text += " incomplete";
        lines.push_back(text);
        depth = value_of(transaction.request, "packetsentry.http.depth");
        host = value_of(transaction.request, "url.domain");
        interim = value_of(transaction.request, "packetsentry.http.interim.status_code") + ' ' +
                  value_of(transaction.request, "packetsentry.http.interim.reason");
        latency_ns = transaction.end_ns - transaction.begin_ns;
        source_port = transaction.tuple.source.port;
    }
    std::vector<std::string> take() { return std::exchange(lines, {}); }

    std::vector<std::string> lines;
    std::string depth, interim, host;
    std::int64_t latency_ns = 0;
    std::uint16_t source_port = 0;
};

struct HttpExchangesTest : testing::Test {
    void give(const HttpSegment& segment, std::int64_t time_ns = 0) {
        const test::Bytes frame = test::http_frame(segment);
        dissect::dissect(frame, frame.size(), 1, *dissection);
        const auto levels = reader.read_levels(*dissection, time_ns, ++number);
        ASSERT_FALSE(levels.empty());
        now = std::max(now, time_ns);
        const HttpPacket packet{.tuple = levels.back().tuple,
                                .time_ns = time_ns,
                                .number = number,
                                .seen_on = {.interface = interface},
                                .segment = levels.back().tcp.value()};
        if (HttpExchanges::may_be(*dissection)) target->take(*dissection, packet, now);
        if (target->needs(packet.segment.flags)) target->take_control(packet, now);
    }
    // A request for this path, from a client that has received so much.
    void ask(std::string_view path, std::uint32_t sequence, std::uint32_t received = 5000,
             std::uint16_t port = 40000, std::int64_t time_ns = 0) {
        const std::string head = "GET " + std::string(path) + " HTTP/1.1\r\nHost: www.example\r\n\r\n";
        give({.head = head, .sequence = sequence, .acknowledgement = received, .client_port = port}, time_ns);
    }
    // A response, from a server that has received so much.
    void respond(std::string_view status, std::uint32_t sequence, std::uint32_t received,
                 std::uint16_t port = 40000, std::int64_t time_ns = 0) {
        const std::string head = "HTTP/1.1 " + std::string(status) + "\r\nContent-Length: 0\r\n\r\n";
        give({.head = head,
              .sequence = sequence,
              .acknowledgement = received,
              .from_server = true,
              .client_port = port},
             time_ns);
    }
    void control(std::uint8_t flags, bool from_server, std::uint32_t sequence = 1500) {
        give({.head = "",
              .sequence = sequence,
              .acknowledgement = flags == kSyn ? 0U : 5000U,
              .flags = flags,
              .from_server = from_server});
    }
    using Lines = std::vector<std::string>;

    static constexpr std::size_t kMost = 4;
    ToldExchanges told;
    HttpExchanges exchanges{7, told, kMost};
    HttpExchanges* target = &exchanges;  // takes what is given
    flows::FlowPacketReader reader;
    std::unique_ptr<dissect::Dissection> dissection = std::make_unique<dissect::Dissection>();
    std::uint64_t number = 0;
    std::uint32_t interface = 0;
    std::int64_t now = 0;
};

TEST_F(HttpExchangesTest, AreOneRow) {
    ask("/a", 1000, 5000, 40000, 100);
    EXPECT_EQ(exchanges.waiting(), 1U);
    EXPECT_TRUE(told.lines.empty());
    respond("200 OK", 5000, 1100, 40000, 350);
    EXPECT_EQ(told.take(), Lines{"answered 1 2 /a 200"});
    EXPECT_EQ(told.latency_ns, 250);
    EXPECT_EQ(told.source_port, 40000) << "who asks is the source";
    EXPECT_EQ(told.depth, "1");
    EXPECT_EQ(exchanges.waiting(), 0U);
    ask("/b", 1100, 5200);
    respond("404 Not Found", 5200, 1200);
    EXPECT_EQ(told.take(), Lines{"answered 3 4 /b 404"});
    EXPECT_EQ(told.depth, "2");
}

TEST_F(HttpExchangesTest, AreAnsweredInTheirOrder) {
    for (const std::uint32_t i : {0U, 1U, 2U}) ask("/" + std::to_string(i), 1000 + 100 * i);
    for (const std::uint32_t i : {0U, 1U, 2U}) respond(std::to_string(200 + i), 5000 + 100 * i, 1300);
    EXPECT_EQ(told.take(), (Lines{"answered 1 4 /0 200", "answered 2 5 /1 201", "answered 3 6 /2 202"}));
}

TEST_F(HttpExchangesTest, BelongToTheirConnection) {
    ask("/a", 1000, 5000, 40001);
    ask("/b", 1000, 5000, 40002);
    respond("200", 5000, 1100, 40002);
    respond("201", 5000, 1100, 40003);
    respond("202", 5000, 1100, 40001);
    EXPECT_EQ(told.take(), (Lines{"answered 2 3 /b 200", "unasked 0 4 201", "answered 1 5 /a 202"}));
}

TEST_F(HttpExchangesTest, MayBeSentAgain) {
    ask("/a", 1000, 5000, 40000, 0);
    ask("/a", 1000, 5000, 40000, kOneSecond);
    respond("200", 5000, 1100, 40000, 2 * kOneSecond);
    EXPECT_EQ(told.take(), Lines{"answered 1 3 /a 200 repeated 1"});
    EXPECT_EQ(told.latency_ns, 2 * kOneSecond) << "from the first time on";
    ask("/a", 1000);
    respond("200", 5000, 1100);
    EXPECT_TRUE(told.lines.empty());
    EXPECT_EQ(exchanges.waiting(), 0U);
}

// A router sees a packet when it comes and when it goes.
TEST_F(HttpExchangesTest, ThatAreSeenOnTwoInterfacesCountOnce) {
    for (const std::uint32_t on : {0U, 1U}) {
        interface = on;
        ask("/a", 1000);
    }
    for (const std::uint32_t on : {1U, 0U}) {
        interface = on;
        respond("200", 5000, 1100);
    }
    for (const std::uint32_t on : {0U, 1U}) {
        interface = on;
        respond("500", 6000, 1100);
    }
    EXPECT_EQ(told.take(), (Lines{"answered 1 3 /a 200", "unasked 0 5 500"}));
}

// The server had not received the request then, or the client has received that before.
TEST_F(HttpExchangesTest, AreNotAnsweredByAnEarlierResponse) {
    ask("/a", 1000, 5000);
    respond("408 Request Timeout", 5000, 1000);
    EXPECT_EQ(told.take(), Lines{"unasked 0 2 408"});
    respond("200", 4000, 1100);
    EXPECT_EQ(exchanges.waiting(), 1U);
    (void)told.take();
    respond("200", 5100, 1100);
    EXPECT_EQ(told.take(), Lines{"answered 1 4 /a 200"});
}

TEST_F(HttpExchangesTest, AreUnansweredWhereTheClientGoesOn) {
    ask("/a", 1000, 5000);
    ask("/b", 1100, 5200);
    EXPECT_EQ(told.take(), Lines{"unanswered 1 0 /a"});
    respond("200", 5200, 1200);
    EXPECT_EQ(told.take(), Lines{"answered 2 3 /b 200"});
}

TEST_F(HttpExchangesTest, AreCountedAcrossTheEndOfTheNumbers) {
    ask("/a", 0xFFFFFFF0, 0xFFFFFFF8);
    respond("200", 0xFFFFFFF8, 0x20);
    ask("/b", 0x20, 0x80);
    respond("201", 0x80, 0x60);
    ask("/a", 0xFFFFFFF0, 0xFFFFFFF8);
    EXPECT_EQ(told.take(), (Lines{"answered 1 2 /a 200", "answered 3 4 /b 201"}));
}

TEST_F(HttpExchangesTest, WaitOnBehindAnInterimResponse) {
    ask("/a", 1000);
    respond("100 Continue", 5000, 1100);
    EXPECT_TRUE(told.lines.empty());
    respond("103 Early Hints", 5020, 1100);
    respond("103 Early Hints", 5020, 1100);
    respond("201 Created", 5040, 1300);
    EXPECT_EQ(told.take(), Lines{"answered 1 5 /a 201"});
    EXPECT_EQ(told.interim, "103 Early Hints");
    ask("/b", 1300, 5100);
    respond("200", 5100, 1400);
    EXPECT_EQ(told.interim, " ");
}

TEST_F(HttpExchangesTest, EndWhereTheProtocolDoes) {
    ask("/chat", 1000);
    respond("101 Switching Protocols", 5000, 1100);
    EXPECT_EQ(told.take(), Lines{"answered 1 2 /chat 101"});
    ask("/inside", 1100, 5100);
    respond("200", 5100, 1200);
    EXPECT_TRUE(told.lines.empty());
    constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    give({.head = kPreface, .sequence = 1000, .client_port = 40001});
    ask("/a", 1100, 5000, 40001);
    respond("200", 5100, 1200, 40001);
    EXPECT_TRUE(told.lines.empty());
    respond("101 Switching Protocols", 5000, 1100, 40002);
    EXPECT_EQ(told.take(), Lines{"unasked 0 8 101"});
    ask("/inside", 1100, 5100, 40002);
    respond("200", 5100, 1200, 40002);
    EXPECT_TRUE(told.lines.empty()) << "what asked for the other protocol was not seen";
    // Anybody can put it into a body, or send it to be seen by a capture alone.
    ask("/b", 1000, 5000, 40003);
    give({.head = kPreface, .sequence = 1100, .client_port = 40003});
    respond("200", 5000, 1100, 40003);
    EXPECT_EQ(told.take(), Lines{"answered 11 13 /b 200"});
}

// That of one that waits no longer belongs to nobody.
TEST_F(HttpExchangesTest, GetTheirOwnResponsesWhereOthersWereGivenUp) {
    ask("/a", 1000);
    exchanges.advance(kHttpPatience - 1);
    now = kHttpPatience - 1;
    ask("/b", 1100);
    ask("/c", 1200);
    exchanges.advance(now = kHttpPatience);
    EXPECT_EQ(told.take(), Lines{"unanswered 1 0 /a"});
    respond("100", 4990, 1300);
    respond("200", 5000, 1300);
    respond("200", 5000, 1300);
    respond("201", 5100, 1300);
    respond("202", 5200, 1300);
    EXPECT_EQ(told.take(),
              (Lines{"unasked 0 4 100", "unasked 0 5 200", "answered 2 7 /b 201", "answered 3 8 /c 202"}));
}

TEST_F(HttpExchangesTest, GetTheirOwnResponsesWhereThoseOfOthersWereMissed) {
    ask("/a", 1000);
    exchanges.advance(now = kHttpPatience);
    ask("/b", 1100, 5200);
    respond("201", 5200, 1200);
    EXPECT_EQ(told.take(), (Lines{"unanswered 1 0 /a", "answered 2 3 /b 201"})) << "the client has gone on";
}

// One packet of another connection ends no more than one of those that wait too long.
TEST_F(HttpExchangesTest, AreNotAnsweredWhenTheirTimeIsOver) {
    ask("/a", 1000, 5000, 40001);
    ask("/b", 1000, 5000, 40002);
    ask("/c", 1100, 5000, 40002);
    respond("200", 5000, 1100, 40002, kHttpPatience);
    EXPECT_EQ(told.take(),
              (Lines{"unanswered 1 0 /a", "unanswered 2 0 /b", "unanswered 3 0 /c", "unasked 0 4 200"}));
}

// The response was lost on the way, and comes behind the segment that ends the connection.
TEST_F(HttpExchangesTest, WaitForWhatTheServerHasSent) {
    ask("/a", 1000, 5000);
    control(kFin | kAck, true, 5300);
    EXPECT_TRUE(told.lines.empty());
    respond("200", 5000, 1100);
    EXPECT_EQ(told.take(), Lines{"answered 1 3 /a 200"});
    ask("/b", 1000, 5000, 40001);
    ask("/c", 1100, 5000, 40001);
    respond("200", 5000, 1200, 40001);
    give({.head = "",
          .sequence = 5300,
          .acknowledgement = 1200,
          .flags = kFin | kAck,
          .from_server = true,
          .client_port = 40001});
    EXPECT_EQ(told.take(), (Lines{"answered 4 6 /b 200", "unanswered 5 0 /c"}));
}

TEST_F(HttpExchangesTest, GoOnThroughATunnel) {
    give({.head = "CONNECT www.example:80 HTTP/1.1\r\n\r\n", .sequence = 1000});
    respond("200 Established", 5000, 1100);
    ask("/inside", 1100, 5100);
    respond("200", 5100, 1200);
    EXPECT_EQ(told.take(), (Lines{"answered 1 2 www.example:80 200", "answered 3 4 /inside 200"}));
}

TEST_F(HttpExchangesTest, EndWithTheirConnection) {
    ask("/a", 1000);
    control(kFin | kAck, false);
    EXPECT_TRUE(told.lines.empty()) << "a client may say that it asks no more";
    control(kFin | kAck, true);
    EXPECT_EQ(told.take(), Lines{"unanswered 1 0 /a"});
    ask("/b", 1100);
    control(kRst, false);
    EXPECT_EQ(told.take(), Lines{"unanswered 4 0 /b"});
    ask("/c", 1200);
    give({.head = "HTTP/1.0 200 OK\r\n\r\n",
          .sequence = 5000,
          .acknowledgement = 1300,
          .flags = kFin | kAck,
          .from_server = true});
    EXPECT_EQ(told.take(), Lines{"answered 6 7 /c 200"});
    EXPECT_FALSE(exchanges.needs(kFin | kAck)) << "nothing waits";
}

// A client may use a port again for another connection, which has other numbers.
TEST_F(HttpExchangesTest, BeginAnewWithAConnection) {
    ask("/a", 1000000);
    control(kSyn, false, 999999);
    EXPECT_TRUE(told.lines.empty()) << "a SYN that comes late";
    control(kSyn, false, 999);
    EXPECT_EQ(told.take(), Lines{"unanswered 1 0 /a"});
    ask("/b", 1000);
    respond("200", 5000, 1100);
    EXPECT_EQ(told.take(), Lines{"answered 4 5 /b 200"});
    EXPECT_EQ(told.depth, "1");
    ask("/c", 1000U - 500'000'000U, 70000);
    respond("200", 70000, 1100U - 500'000'000U);
    EXPECT_EQ(told.take(), Lines{"answered 6 7 /c 200"}) << "its SYN was not seen";
    EXPECT_EQ(told.depth, "1");
}

TEST_F(HttpExchangesTest, DoNotWaitForEver) {
    ask("/a", 1000, 5000, 40001);
    ask("/b", 1000, 5000, 40002, kOneSecond);
    exchanges.advance(kHttpPatience - 1);
    EXPECT_TRUE(told.lines.empty());
    exchanges.advance(kHttpPatience);
    EXPECT_EQ(told.take(), Lines{"unanswered 1 0 /a"});
    respond("100", 5000, 1100, 40002, 2 * kOneSecond);
    exchanges.advance(kHttpPatience + kOneSecond);
    EXPECT_TRUE(told.lines.empty()) << "the server works at it";
    exchanges.advance(kHttpPatience + 2 * kOneSecond);
    EXPECT_EQ(told.take(), Lines{"unanswered 2 0 /b"});
}

TEST_F(HttpExchangesTest, AreEvictedTheOldestFirst) {
    for (std::uint16_t i = 0; i < kMost + 2; ++i) ask("/", 1000, 5000, 40000 + i);
    EXPECT_EQ(told.take(), (Lines{"evicted 1 0 /", "evicted 2 0 /"}));
    EXPECT_EQ(exchanges.evicted(), 2U);
    EXPECT_EQ(exchanges.waiting(), kMost);
    for (std::uint16_t i = 0; i < kMost; ++i) respond("200", 5000, 1100, 40002 + i);
    EXPECT_EQ(told.take().size(), kMost);
    for (std::uint16_t i = 0; i < 3 * kMost; ++i) respond("200", 5000, 1100, 50000 + i);
    EXPECT_EQ(told.take().size(), 3 * kMost);
    EXPECT_EQ(exchanges.evicted(), 2U);
}

TEST_F(HttpExchangesTest, AreNoMoreThanSoManyOfAConnection) {
    constexpr std::size_t kMany = HttpExchanges::kPipelined + 1;
    HttpExchanges many(7, told, 2 * kMany);
    for (std::uint32_t i = 0; i < kMany; ++i) {
        const test::Bytes frame = test::http_frame({.sequence = 1000 + 100 * i});
        dissect::dissect(frame, frame.size(), 1, *dissection);
        const auto levels = reader.read_levels(*dissection, 0, ++number);
        many.take(*dissection,
                  {.tuple = levels.back().tuple, .number = number, .segment = levels.back().tcp.value()}, 0);
    }
    EXPECT_EQ(told.take(), Lines{"evicted 1 0 /"});
    EXPECT_EQ(many.waiting(), HttpExchanges::kPipelined);
    for (std::uint32_t i = 0; i < 2; ++i) {
        const test::Bytes frame = test::http_frame({.head = "HTTP/1.1 200 OK\r\n\r\n",
                                                    .sequence = 5000 + 100 * i,
                                                    .acknowledgement = 1000 + 100 * kMany,
                                                    .from_server = true});
        dissect::dissect(frame, frame.size(), 1, *dissection);
        const auto levels = reader.read_levels(*dissection, 0, ++number);
        many.take(*dissection,
                  {.tuple = levels.back().tuple, .number = number, .segment = levels.back().tcp.value()}, 0);
    }
    EXPECT_EQ(told.take(), (Lines{"unasked 0 34 200", "answered 2 35 / 200"})) << "each gets its own";
}

TEST_F(HttpExchangesTest, AreLeftWhenTheCaptureEnds) {
    for (std::uint16_t port = 1; port <= 3; ++port) ask("/a", 1000, 5000, port);
    EXPECT_FALSE(exchanges.finish(now, 2));
    EXPECT_TRUE(exchanges.finish(now, 2));
    EXPECT_EQ(told.take(), (Lines{"stopped 1 0 /a", "stopped 2 0 /a", "stopped 3 0 /a"}));
}

TEST_F(HttpExchangesTest, SayWhatHadNoRoom) {
    ask("/" + std::string(4000, 'x'), 1000);
    respond("414", 5000, 6000);
    EXPECT_EQ(told.take(), Lines{"answered 1 2 414 incomplete"});
    EXPECT_EQ(told.host, "www.example") << "what is short has room all the same";
    const std::string head = "GET /page HTTP/1.1\r\nReferer: " + std::string(2040, 'r') +
                             "\r\nHost: www.example\r\nUser-Agent: probe\r\n\r\n";
    give({.head = head, .sequence = 6000, .acknowledgement = 5100});
    respond("200", 5100, 9000);
    EXPECT_EQ(told.take(), Lines{"answered 3 4 /page 200 incomplete"});
    EXPECT_EQ(told.host, "www.example");
    give({.head = "GET /very/lo", .sequence = 9000, .acknowledgement = 5200});
    respond("200", 5200, 9100);
    EXPECT_EQ(told.take(), Lines{"answered 5 6 /very/lo 200 incomplete"}) << "it goes on in the next segment";
}

struct PassedExchangesTest : HttpExchangesTest {
    std::string given_away() {
        std::string passed;
        EXPECT_TRUE(exchanges.give_away(passed, passed.max_size()));
        EXPECT_EQ(exchanges.waiting(), 0U);
        return passed;
    }
    // The next segments are given to the one that takes them.
    bool pass_on(std::span<const std::uint32_t> interfaces = {}) {
        target = &next;
        return next.adopt(given_away(), interfaces, now);
    }

    ToldExchanges next_told;
    HttpExchanges next{8, next_told, kMost};
};

TEST_F(PassedExchangesTest, AreAnsweredThere) {
    ask("/a", 1000, 5000, 40000, 100);
    ask("/a", 1000, 5000, 40000, 150);
    ASSERT_TRUE(pass_on());
    EXPECT_TRUE(told.lines.empty()) << "they are no rows yet";
    respond("200", 5000, 1100, 40000, 350);
    EXPECT_EQ(next_told.take(), Lines{"answered 0 3 /a 200 repeated 1"})
        << "the number of the packet is one of another run";
    EXPECT_EQ(next_told.latency_ns, 250);
    EXPECT_EQ(next_told.source_port, 40000);
    EXPECT_EQ(next_told.host, "www.example");
    ask("/b", 1100, 5100);
    respond("200", 5100, 1200);
    EXPECT_EQ(next_told.take(), Lines{"answered 4 5 /b 200"});
    EXPECT_EQ(next_told.depth, "2") << "the connection goes on too";
}

TEST_F(PassedExchangesTest, KeepTheirOrder) {
    ask("/a", 1000, 5000, 40001);
    ask("/x", 1000, 5000, 40002);
    ask("/b", 1100, 5000, 40001);
    ask("/y", 1100, 5000, 40002);
    ASSERT_TRUE(pass_on());
    EXPECT_EQ(next.waiting(), 4U);
    for (std::uint16_t port = 40002; port > 40000; --port) {
        respond("200", 5000, 1200, port);
        respond("201", 5100, 1200, port);
    }
    EXPECT_EQ(next_told.take(), (Lines{"answered 0 5 /x 200", "answered 0 6 /y 201", "answered 0 7 /a 200",
                                       "answered 0 8 /b 201"}));
}

// Those of one connection do not wait as long as each other.
TEST_F(PassedExchangesTest, WaitThereForWhatIsLeftOfTheirTime) {
    ask("/a", 1000, 5000, 40001, 0);
    ask("/x", 1000, 5000, 40002, kOneSecond);
    ask("/b", 1100, 5000, 40001, 2 * kOneSecond);
    now = 10 * kOneSecond;
    ASSERT_TRUE(pass_on());
    next.advance(kHttpPatience - 1);
    EXPECT_TRUE(next_told.lines.empty());
    next.advance(kHttpPatience);
    EXPECT_EQ(next_told.take(), Lines{"unanswered 0 0 /a"});
    next.advance(kHttpPatience + kOneSecond);
    EXPECT_EQ(next_told.take(), Lines{"unanswered 0 0 /x"});
    next.advance(kHttpPatience + 2 * kOneSecond - 1);
    EXPECT_TRUE(next_told.lines.empty());
    next.advance(kHttpPatience + 2 * kOneSecond);
    EXPECT_EQ(next_told.take(), Lines{"unanswered 0 0 /b"});
}

TEST_F(PassedExchangesTest, AreUnansweredThereIfTheirTimeIsOver) {
    ask("/a", 1000, 5000, 40001);
    ask("/b", 1000, 5000, 40002, kOneSecond);
    now = kHttpPatience + kOneSecond / 2;
    ASSERT_TRUE(pass_on());
    next.advance(now);
    EXPECT_EQ(next_told.take(), Lines{"unanswered 0 0 /a"});
    EXPECT_TRUE(next.finish(now, kMost));
    EXPECT_EQ(next_told.take(), Lines{"stopped 0 0 /b"});
}

TEST_F(PassedExchangesTest, HaveTheInterimResponseThatCameBefore) {
    ask("/a", 1000);
    respond("103 Early Hints", 5000, 1100);
    ASSERT_TRUE(pass_on());
    respond("103 Early Hints", 5000, 1100);
    respond("201 Created", 5040, 1100);
    EXPECT_EQ(next_told.take(), Lines{"answered 0 4 /a 201"});
    EXPECT_EQ(next_told.interim, "103 Early Hints");
}

TEST_F(PassedExchangesTest, GetTheirOwnResponsesWhereOthersWereGivenUp) {
    ask("/a", 1000);
    now = kHttpPatience - 1;
    ask("/b", 1100);
    exchanges.advance(now = kHttpPatience);
    EXPECT_EQ(told.take(), Lines{"unanswered 1 0 /a"});
    ASSERT_TRUE(pass_on());
    respond("200", 5000, 1200);
    respond("201", 5100, 1200);
    EXPECT_EQ(next_told.take(), (Lines{"unasked 0 3 200", "answered 0 4 /b 201"}));
}

TEST_F(PassedExchangesTest, LeaveTheirConnectionsKnown) {
    ask("/chat", 1000, 5000, 40001);
    respond("101 Switching Protocols", 5000, 1100, 40001);
    ask("/a", 1000, 5000, 40002);
    respond("200", 5000, 1100, 40002);
    ASSERT_TRUE(pass_on());
    ask("/inside", 1100, 5100, 40001);
    respond("200", 5100, 1200, 40001);
    ask("/a", 1000, 5000, 40002);
    respond("200", 5000, 1100, 40002);
    EXPECT_TRUE(next_told.lines.empty()) << "another protocol, and what was sent again";
    EXPECT_EQ(next.waiting(), 0U);
    next.advance(kHttpPatience);
    respond("200", 5000, 1100, 40002);
    EXPECT_EQ(next_told.take(), Lines{"unasked 0 9 200"}) << "it is known no longer than here";
}

TEST_F(PassedExchangesTest, WereSeenOnAnInterfaceThatHasAnotherNumberThere) {
    interface = 1;
    ask("/a", 1000);
    ASSERT_TRUE(pass_on(std::vector<std::uint32_t>{0, 3}));
    interface = 2;
    ask("/a", 1000);
    interface = 3;
    ask("/a", 1000);
    respond("200", 5000, 1100);
    EXPECT_EQ(next_told.take(), Lines{"answered 0 4 /a 200 repeated 1"}) << "the second one counts no repeat";
}

TEST_F(PassedExchangesTest, GoInPiecesAndOnlyAsManyAsThereIsRoomFor) {
    for (std::uint16_t port = 1; port <= kMost; ++port) ask("/" + std::string(1900, 'x'), 1000, 5000, port);
    ToldExchanges few_told;
    HttpExchanges few(9, few_told, 2);
    std::size_t pieces = 0;
    for (bool all = false; !all; ++pieces) {
        std::string piece;
        all = exchanges.give_away(piece, 1);
        EXPECT_LE(piece.size(), HttpExchanges::kMostPassed);
        ASSERT_TRUE(few.adopt(piece, {}, 0));
    }
    EXPECT_EQ(pieces, kMost);
    EXPECT_EQ(few.waiting(), 2U);
    EXPECT_EQ(few.evicted(), 0U);
    ASSERT_TRUE(few.finish(0, 9));
    EXPECT_EQ(few_told.take(), (Lines{"stopped 0 0 incomplete", "stopped 0 0 incomplete"}));
}

// The worker before may have been taken over by an attacker.
struct HostileExchangesTest : PassedExchangesTest {
    // Where parts of one request over IPv4 are in what is passed on.
    static constexpr std::size_t kAtProtocol = 38, kAtOver = 70, kAtTime = 71, kAtSequence = 97,
                                 kAtFirstField = 119;

    HostileExchangesTest() { ask("/a", 1000); }

    template <typename Number>
    static std::string with(std::string passed, std::size_t at, Number number) {
        std::memcpy(passed.data() + at, &number, sizeof number);
        return passed;
    }
    bool is_taken(const std::string& passed) {
        HttpExchanges other(9, next_told, kMost);
        const bool taken = other.adopt(passed, {}, 0);
        EXPECT_EQ(other.waiting(), taken ? 1U : 0U);
        return taken;
    }
};

TEST_F(HostileExchangesTest, AreReadOnlyIfTheyCanBe) {
    const std::string passed = given_away();
    for (std::size_t size = 1; size < passed.size(); ++size)
        EXPECT_FALSE(is_taken(passed.substr(0, size))) << size;
    EXPECT_TRUE(is_taken(passed));
    EXPECT_FALSE(is_taken(with(passed, 0, std::uint8_t{16}))) << "ends of two kinds";
    EXPECT_FALSE(is_taken(with(passed, kAtProtocol, std::uint8_t{17}))) << "not TCP";
    EXPECT_FALSE(is_taken(with(passed, kAtProtocol + 1, std::uint8_t{1}))) << "TCP goes both ways";
    EXPECT_FALSE(is_taken(with(passed, kAtOver, std::uint8_t{1}))) << "another protocol";
    EXPECT_FALSE(is_taken(with(passed, kAtFirstField, std::uint16_t{0xFFFF}))) << "no field";
    EXPECT_FALSE(is_taken(with(passed, kAtFirstField, rows::field("tls.cipher").number)));
}

TEST_F(HostileExchangesTest, AreTakenOnceEach) {
    const std::string passed = given_away();
    ASSERT_TRUE(next.adopt(passed + passed, {}, 0));
    EXPECT_EQ(next.waiting(), 1U);
    ASSERT_TRUE(next.adopt(with(passed, kAtSequence, std::uint32_t{2000}), {}, 0));
    EXPECT_EQ(next.waiting(), 2U) << "another one on the same connection";
}

TEST_F(HostileExchangesTest, AreNoMoreOfAConnectionThanCanWait) {
    constexpr std::uint32_t kMany = HttpExchanges::kPipelined + 2;
    const std::string passed = given_away();
    HttpExchanges many(9, next_told, 2UL * kMany);
    for (std::uint32_t i = 0; i < kMany; ++i)
        ASSERT_TRUE(many.adopt(with(passed, kAtSequence, 1000 + i), {}, 0));
    EXPECT_EQ(many.waiting(), HttpExchanges::kPipelined);
}

TEST_F(HostileExchangesTest, WaitNoLongerThanOthersWhateverIsSaidOfTheirTime) {
    using Limits = std::numeric_limits<std::int64_t>;
    const std::string passed = given_away();
    ASSERT_TRUE(next.adopt(with(passed, kAtTime, Limits::max()), {}, kOneSecond));
    next.advance(kHttpPatience + kOneSecond - 1);
    EXPECT_EQ(next.waiting(), 1U);
    next.advance(kHttpPatience + kOneSecond);
    EXPECT_EQ(next_told.take(), Lines{"unanswered 0 0 /a"});
    HttpExchanges other(9, next_told, kMost);
    ASSERT_TRUE(other.adopt(with(passed, kAtTime, Limits::min()), {}, kOneSecond));
    EXPECT_EQ(other.waiting(), 1U);
    other.advance(kOneSecond);
    EXPECT_EQ(next_told.take(), Lines{"unanswered 0 0 /a"});
}

}  // namespace
}  // namespace packetsentry::transactions
