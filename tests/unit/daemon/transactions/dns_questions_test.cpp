#include "daemon/transactions/dns_questions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "daemon/dissect/dissect.h"
#include "daemon/flows/flow_packet.h"
#include "tests/support/dns_message.h"

namespace packetsentry::transactions {
namespace {

using test::DnsEnds;
using test::DnsMessage;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kPatience = DnsQuestions::kPatience.count();

std::string_view text_of(std::span<const dissect::Field> fields, std::string_view path) {
    for (const dissect::Field& one : fields)
        if (one.info->path == path) return one.text;
    return {};
}

constexpr auto path_of = [](const dissect::Field& one) { return one.info->path; };

// What came of the messages, a word each: "answered 1 2 www.example", with the numbers of the packets.
struct Told final : TransactionSink {
    void transaction(const Transaction& transaction) override {
        const bool paired = transaction.outcome != Outcome::unpaired;
        std::string text(paired ? outcome_word(transaction.outcome) : "unpaired");
        text += ' ' + std::to_string(transaction.request_packet) + ' ' +
                std::to_string(transaction.response_packet) + ' ';
        const std::string_view asked = text_of(transaction.request, "dns.question.name");
        text += asked.empty() ? text_of(transaction.response, "dns.question.name") : asked;
        if (transaction.repeats != 0) text += " repeated " + std::to_string(transaction.repeats);
        if (transaction.malformed) text += " malformed";
        if (transaction.incomplete) text += " incomplete";
        lines.push_back(text);
        for (const auto fields : {transaction.request, transaction.response})
            records += static_cast<std::size_t>(std::ranges::count(fields, "dns.answers.name", path_of));
        latency_ns = transaction.end_ns - transaction.begin_ns;
        tuple = transaction.tuple;
    }
    std::vector<std::string> take() { return std::exchange(lines, {}); }

    std::vector<std::string> lines;
    std::size_t records = 0;
    std::int64_t latency_ns = 0;
    flows::FlowTuple tuple = {};
};

struct DnsQuestionsTest : testing::Test {
    void give(const DnsMessage& message, std::int64_t time_ns = 0, const DnsEnds& ends = {}) {
        const test::Bytes frame = test::dns_frame(message, ends);
        dissect::dissect(frame, frame.size(), 1, *dissection);
        const auto levels = reader.read_levels(*dissection, time_ns, ++number);
        ASSERT_FALSE(levels.empty());
        ASSERT_TRUE(DnsQuestions::may_be(*dissection));
        target->take(*dissection,
                     {.tuple = levels.back().tuple,
                      .time_ns = time_ns,
                      .number = number,
                      .seen_on = {.interface = interface}},
                     std::max(now, time_ns));
        now = std::max(now, time_ns);
    }
    using Lines = std::vector<std::string>;

    static constexpr std::size_t kMost = 4;
    Told told;
    DnsQuestions questions{7, told, kMost};
    DnsQuestions* target = &questions;
    flows::FlowPacketReader reader;
    std::unique_ptr<dissect::Dissection> dissection = std::make_unique<dissect::Dissection>();
    std::uint64_t number = 0;
    std::uint32_t interface = 0;
    std::int64_t now = 0;
};

TEST_F(DnsQuestionsTest, AreOneRowWithTheirAnswer) {
    give({.id = 7}, 100);
    EXPECT_EQ(questions.waiting(), 1U);
    EXPECT_TRUE(told.lines.empty());
    give({.id = 7, .answer = true, .address = "C0000207"}, 350);
    EXPECT_EQ(told.take(), Lines{"answered 1 2 www.example"});
    EXPECT_EQ(told.latency_ns, 250);
    EXPECT_EQ(told.tuple.source.port, 40000) << "who asks is the source";
    EXPECT_EQ(questions.waiting(), 0U);
}

TEST_F(DnsQuestionsTest, AreAnsweredInAnyOrder) {
    give({.id = 1, .name = "one.example"});
    give({.id = 2, .name = "two.example"});
    give({.id = 2, .name = "two.example", .answer = true});
    give({.id = 1, .name = "one.example", .answer = true});
    EXPECT_EQ(told.take(), (Lines{"answered 2 3 two.example", "answered 1 4 one.example"}));
}

TEST_F(DnsQuestionsTest, AreNotAnsweredBySomebodyElse) {
    give({.id = 7});
    give({.id = 8, .answer = true});
    give({.id = 7, .name = "evil.example", .answer = true});
    give({.id = 7, .type = test::kDnsAaaa, .answer = true});
    give({.id = 7, .answer = true}, 0, {.server = "192.0.2.66"});
    give({.id = 7, .answer = true}, 0, {.client_port = 40001});
    EXPECT_EQ(told.take(),
              (Lines{"unasked 0 2 www.example", "unasked 0 3 evil.example", "unasked 0 4 www.example",
                     "unasked 0 5 www.example", "unasked 0 6 www.example"}));
    EXPECT_EQ(questions.waiting(), 1U) << "the true answer may come still";
    give({.id = 7, .name = "WWW.Example", .answer = true});
    EXPECT_EQ(told.take(), Lines{"answered 1 7 www.example"});
}

// Servers that cannot read a question do not repeat it. Nothing else is believed without the question.
TEST_F(DnsQuestionsTest, AreRefusedWithoutTheirName) {
    give({.id = 7});
    give({.id = 7, .name = "", .answer = true});
    give({.id = 7, .name = "", .answer = true, .code = 2, .address = "C0000266"});
    EXPECT_EQ(told.take(), (Lines{"unasked 0 2 ", "unasked 0 3 "}));
    give({.id = 7, .name = "", .answer = true, .code = 1});
    EXPECT_EQ(told.take(), Lines{"answered 1 4 www.example"});
}

TEST_F(DnsQuestionsTest, DoNotSayWhatOnlyAnAnswerCanSay) {
    give({.id = 7, .address = "C0000266"});
    give({.id = 7, .answer = true, .code = 3});
    EXPECT_EQ(told.take(), Lines{"answered 1 2 www.example incomplete"});
    EXPECT_EQ(told.records, 0U);
    give({.id = 8, .answer = true, .address = "C0000207"});
    EXPECT_EQ(told.records, 1U);
}

// A router sees a packet when it comes and when it goes.
TEST_F(DnsQuestionsTest, ThatAreSeenOnTwoInterfacesCountOnce) {
    give({.id = 7});
    interface = 1;
    give({.id = 7});
    give({.id = 7, .answer = true});
    interface = 0;
    give({.id = 7, .answer = true});
    EXPECT_EQ(told.take(), Lines{"answered 1 3 www.example"});
    give({.id = 7, .answer = true});
    EXPECT_TRUE(told.lines.empty());
    interface = 1;
    give({.id = 7, .answer = true});
    EXPECT_EQ(told.take(), Lines{"unasked 0 6 www.example"}) << "somebody else sends a second one";
}

TEST_F(DnsQuestionsTest, MayBeSentAgain) {
    give({.id = 7}, 0);
    give({.id = 7}, kSecond);
    give({.id = 7}, 3 * kSecond);
    give({.id = 7, .answer = true}, 4 * kSecond);
    EXPECT_EQ(told.take(), Lines{"answered 1 4 www.example repeated 2"});
    EXPECT_EQ(told.latency_ns, 4 * kSecond) << "from the first time on";
    give({.id = 7, .answer = true}, 5 * kSecond);
    give({.id = 7, .answer = true}, 5 * kSecond);
    EXPECT_TRUE(told.lines.empty()) << "each of them answers a repetition";
    EXPECT_EQ(questions.waiting(), 0U);
    give({.id = 7, .answer = true}, 5 * kSecond);
    EXPECT_EQ(told.take(), Lines{"unasked 0 7 www.example"});
    give({.id = 7}, 6 * kSecond);
    give({.id = 7, .answer = true}, 6 * kSecond);
    EXPECT_EQ(told.take(), Lines{"answered 8 9 www.example"}) << "it is asked anew";
}

// On a router, each packet is seen twice.
TEST_F(DnsQuestionsTest, ThatAreRepeatedOnTwoInterfacesAreStillOne) {
    const auto seen_twice = [this](const DnsMessage& message) {
        for (const std::uint32_t on : {0U, 1U}) {
            interface = message.answer ? 1 - on : on;
            give(message);
        }
    };
    seen_twice({.id = 7});
    seen_twice({.id = 7});
    seen_twice({.id = 7, .answer = true});
    seen_twice({.id = 7, .answer = true});
    EXPECT_EQ(told.take(), Lines{"answered 1 5 www.example repeated 1"});
}

TEST_F(DnsQuestionsTest, GiveWayToAnotherOneWithTheirIdentifier) {
    give({.id = 7, .name = "one.example"});
    give({.id = 7, .name = "two.example"});
    EXPECT_EQ(told.take(), Lines{"unanswered 1 0 one.example"});
    give({.id = 7, .name = "two.example", .answer = true});
    EXPECT_EQ(told.take(), Lines{"answered 2 3 two.example"});
}

TEST_F(DnsQuestionsTest, DoNotWaitForEver) {
    give({.id = 1, .name = "one.example"}, 0);
    give({.id = 2, .name = "two.example"}, kSecond);
    questions.advance(kPatience - 1);
    EXPECT_TRUE(told.lines.empty());
    questions.advance(kPatience);
    EXPECT_EQ(told.take(), Lines{"unanswered 1 0 one.example"});
    give({.id = 2, .name = "two.example"}, 2 * kSecond);
    questions.advance(kPatience + kSecond);
    EXPECT_TRUE(told.lines.empty()) << "it was sent again since";
    questions.advance(kPatience + 2 * kSecond);
    EXPECT_EQ(told.take(), Lines{"unanswered 2 0 two.example repeated 1"});
}

// The answer that comes too late belongs to none of them, however many wait to be ended.
TEST_F(DnsQuestionsTest, AreNotEndedAllAtOnce) {
    for (std::uint16_t id = 1; id <= kMost; ++id) give({.id = id});
    give({.id = kMost, .answer = true}, 2 * kPatience);
    EXPECT_EQ(told.take(),
              (Lines{"unanswered 1 0 www.example", "unanswered 4 0 www.example", "unasked 0 5 www.example"}));
    static_assert(DnsQuestions::kEndedByMessage == 3);
    questions.advance(2 * kPatience, 1);
    EXPECT_EQ(told.take(), Lines{"unanswered 2 0 www.example"});
    EXPECT_EQ(questions.waiting(), 1U);
}

TEST_F(DnsQuestionsTest, WaitAtTheEndOfTime) {
    constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();
    give({.id = 7}, kLast - 1);
    EXPECT_TRUE(questions.finish(now, 1));
    EXPECT_EQ(told.take(), Lines{"stopped 1 0 www.example"});
}

TEST_F(DnsQuestionsTest, AreEvictedTheOldestFirst) {
    for (std::uint16_t id = 1; id <= kMost + 2; ++id) give({.id = id});
    EXPECT_EQ(told.take(), (Lines{"evicted 1 0 www.example", "evicted 2 0 www.example"}));
    EXPECT_EQ(questions.evicted(), 2U);
    EXPECT_EQ(questions.waiting(), kMost);
}

// Those that were answered are kept only so that further answers are known.
TEST_F(DnsQuestionsTest, GoFirstWhenTheyWereAnswered) {
    for (std::uint16_t id = 1; id <= kMost; ++id) give({.id = id});
    give({.id = 3, .answer = true});
    (void)told.take();
    give({.id = 9});
    EXPECT_TRUE(told.lines.empty());
    EXPECT_EQ(questions.waiting(), kMost);
    give({.id = 10});
    EXPECT_EQ(told.take(), Lines{"evicted 1 0 www.example"});
}

TEST_F(DnsQuestionsTest, AreLeftWhenTheCaptureEnds) {
    for (std::uint16_t id = 1; id <= 3; ++id) give({.id = id});
    EXPECT_FALSE(questions.finish(now, 2));
    EXPECT_TRUE(questions.finish(now, 2));
    EXPECT_EQ(told.take(),
              (Lines{"stopped 1 0 www.example", "stopped 2 0 www.example", "stopped 3 0 www.example"}));
    give({.id = 4});
    EXPECT_TRUE(questions.finish(now + kPatience, 2));
    EXPECT_EQ(told.take(), Lines{"unanswered 4 0 www.example"});
}

// Whoever sends them decides nothing about how long a search takes: what is given is found, whatever its
// ends.
TEST_F(DnsQuestionsTest, AreFoundAmongManyOthers) {
    constexpr std::uint16_t kMany = 500;
    DnsQuestions many(7, told, kMany);
    const auto take = [&](const DnsMessage& message) {
        const auto frame = test::dns_frame(message);
        dissect::dissect(frame, frame.size(), 1, *dissection);
        const auto levels = reader.read_levels(*dissection, 0, ++number);
        many.take(*dissection, {.tuple = levels.back().tuple, .time_ns = 0, .number = number}, 0);
    };
    for (int turn = 0; turn < 3; ++turn) {
        for (std::uint16_t id = 0; id < kMany; ++id) take({.id = id});
        for (std::uint16_t id = 0; id < kMany; ++id) take({.id = id, .answer = true});
        EXPECT_EQ(many.waiting(), 0U);
        const Lines lines = told.take();
        ASSERT_EQ(lines.size(), kMany);
        for (const std::string& line : lines) EXPECT_TRUE(line.starts_with("answered")) << line;
    }
}

TEST_F(DnsQuestionsTest, AreNotPairedWhereAnybodyMayAnswer) {
    const DnsEnds multicast{.server = "224.0.0.251", .client_port = 5353, .server_port = 5353};
    give({.id = 0, .name = "host.local"}, 0, multicast);
    give({.id = 0, .name = "host.local", .answer = true, .address = "C0000207"}, 5, multicast);
    EXPECT_EQ(told.take(), (Lines{"unpaired 1 0 host.local", "unpaired 0 2 host.local"}));
    give({.id = 5, .name = "host"}, 0, {.server = "224.0.0.252", .server_port = 5355});
    EXPECT_EQ(told.take(), Lines{"unpaired 3 0 host"});
    EXPECT_EQ(questions.waiting(), 0U);
}

// Names of other letters than usual take up to twice their room.
TEST_F(DnsQuestionsTest, HaveRoomForTheLongestName) {
    std::string wire, shown;
    for (const std::size_t size : {63UL, 63UL, 63UL, 61UL}) {
        wire += static_cast<char>(size) + std::string(size, '\\');
        shown += (shown.empty() ? "" : ".") + std::string(2 * size, '\\');
    }
    const auto message = [&](std::string_view head) {
        return test::join(
            {test::hex(head), test::hex("0001 0000 0000 0000"), test::text(wire), test::hex("00 0001 0001")});
    };
    const auto take = [&](const test::Bytes& frame) {
        dissect::dissect(frame, frame.size(), 1, *dissection);
        const auto levels = reader.read_levels(*dissection, 0, ++number);
        questions.take(*dissection, {.tuple = levels.back().tuple, .time_ns = 0, .number = number}, 0);
    };
    const auto packet = [] { return test::PacketBuilder().ethernet(); };
    take(packet().ipv4("192.0.2.1", "192.0.2.53").udp(4000, 53).payload(message("0007 0100")).build());
    take(packet().ipv4("192.0.2.53", "192.0.2.1").udp(53, 4000).payload(message("0007 8180")).build());
    EXPECT_EQ(told.take(), Lines{"answered 1 2 " + shown});
}

// Those of a worker pass on to the next one.
struct PassedQuestionsTest : DnsQuestionsTest {
    // The next messages are given to the one that takes them.
    bool pass_on(std::span<const std::uint32_t> interfaces = {}) {
        std::string passed;
        EXPECT_TRUE(questions.give_away(passed, passed.max_size()));
        target = &next;
        return next.adopt(passed, interfaces, now);
    }

    Told next_told;
    DnsQuestions next{8, next_told, kMost};
};

TEST_F(PassedQuestionsTest, AreAnsweredThere) {
    give({.id = 7}, 100);
    give({.id = 7}, 150);
    ASSERT_TRUE(pass_on());
    EXPECT_EQ(questions.waiting(), 0U);
    EXPECT_TRUE(told.lines.empty()) << "they are no rows yet";
    give({.id = 7, .answer = true}, 350);
    EXPECT_EQ(next_told.take(), Lines{"answered 0 3 www.example repeated 1"})
        << "the number of the packet is one of another run";
    EXPECT_EQ(next_told.latency_ns, 250);
    EXPECT_EQ(next_told.tuple.source.port, 40000);
    give({.id = 7, .answer = true}, 400);
    EXPECT_TRUE(next_told.take().empty()) << "it was asked twice";
}

TEST_F(PassedQuestionsTest, AreKnownThereWhenTheyWereAnswered) {
    give({.id = 7});
    give({.id = 7});
    give({.id = 7, .answer = true});
    give({.id = 8, .name = "waits.example"});
    told.lines.clear();
    ASSERT_TRUE(pass_on(std::vector<std::uint32_t>{0}));
    EXPECT_EQ(next.waiting(), 1U);
    give({.id = 7, .answer = true});
    EXPECT_TRUE(next_told.lines.empty()) << "it was asked twice";
    give({.id = 7, .answer = true});
    EXPECT_EQ(next_told.take(), Lines{"unasked 0 6 www.example"});
    EXPECT_TRUE(next.finish(now, kMost));
    EXPECT_EQ(next_told.take(), Lines{"stopped 0 0 waits.example"});
}

TEST_F(PassedQuestionsTest, WaitThereForWhatIsLeftOfTheirTime) {
    give({.id = 7}, kSecond);
    now = kPatience;
    ASSERT_TRUE(pass_on());
    next.advance(kPatience + kSecond - 1);
    EXPECT_TRUE(next_told.lines.empty());
    next.advance(kPatience + kSecond);
    EXPECT_EQ(next_told.take(), Lines{"unanswered 0 0 www.example"});
}

TEST_F(PassedQuestionsTest, WereSeenOnAnInterfaceThatHasAnotherNumberThere) {
    interface = 1;
    give({.id = 7});
    ASSERT_TRUE(pass_on(std::vector<std::uint32_t>{0, 3}));
    interface = 2;
    give({.id = 7});
    EXPECT_TRUE(next_told.lines.empty());
    interface = 3;
    give({.id = 7});
    give({.id = 7, .answer = true});
    EXPECT_EQ(next_told.take(), Lines{"answered 0 4 www.example repeated 1"})
        << "the second one counts no repeat";
}

TEST_F(PassedQuestionsTest, GoInPiecesAndOnlyAsManyAsThereIsRoomFor) {
    for (std::uint16_t id = 1; id <= kMost; ++id) give({.id = id});
    give({.id = 1, .answer = true});
    told.lines.clear();
    Told few_told;
    DnsQuestions few(9, few_told, 2);
    std::size_t pieces = 0;
    for (bool all = false; !all; ++pieces) {
        std::string piece;
        all = questions.give_away(piece, 1);
        EXPECT_LE(piece.size(), DnsQuestions::kMostPassed);
        ASSERT_TRUE(few.adopt(piece, {}, 0));
    }
    EXPECT_EQ(pieces, kMost);
    EXPECT_EQ(few.waiting(), 2U);
    EXPECT_EQ(few.evicted(), 0U);
    ASSERT_TRUE(few.finish(0, 9));
    EXPECT_EQ(few_told.take(), (Lines{"stopped 0 0 www.example", "stopped 0 0 www.example"}));
}

// A name of 255 bytes, each of which is escaped.
TEST_F(PassedQuestionsTest, AreAnsweredHoweverLongTheirNameIs) {
    std::string name;
    for (int label = 0; label < 4; ++label) name += (label == 0 ? "" : ".") + std::string(62, '\\');
    give({.id = 7, .name = name});
    ASSERT_TRUE(pass_on());
    give({.id = 7, .name = name, .answer = true});
    EXPECT_TRUE(next_told.lines.at(0).starts_with("answered 0 2 ")) << next_told.lines.at(0);
}

// The worker before may have been taken over by an attacker.
TEST_F(PassedQuestionsTest, AreReadOnlyIfTheyCanBe) {
    give({.id = 7});
    std::string passed;
    ASSERT_TRUE(questions.give_away(passed, passed.max_size()));
    for (std::size_t size = 1; size < passed.size(); ++size) {
        DnsQuestions other(9, next_told, kMost);
        EXPECT_FALSE(other.adopt(std::string_view(passed).substr(0, size), {}, 0)) << size;
        EXPECT_EQ(other.waiting(), 0U);
    }
    ASSERT_TRUE(next.adopt(passed + passed, {}, 0));
    EXPECT_EQ(next.waiting(), 1U) << "it is there already";
}

TEST_F(PassedQuestionsTest, WaitNoLongerThanOthersWhateverIsSaidOfTheirTime) {
    give({.id = 7}, 100 * kPatience);
    std::string passed;
    ASSERT_TRUE(questions.give_away(passed, passed.max_size()));
    ASSERT_TRUE(next.adopt(passed, {}, 0));
    next.advance(kPatience);
    EXPECT_EQ(next.waiting(), 0U);
}

}  // namespace
}  // namespace packetsentry::transactions
