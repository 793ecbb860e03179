#include "daemon/spool/search/question.h"

#include "proto/rows/select_rows.h"
#include "tests/unit/daemon/spool/search/searched_segments.h"

namespace packetsentry::spool {
namespace {

wire::Batch mixed_rows() {
    test::RowBuilder rows;
    rows.row({.source = "10.0.0.1",
              .destination = "10.0.0.2",
              .source_port = 40000,
              .destination_port = 53,
              .ip_protocol = 17,
              .word = "DNS",
              .name = "dns",
              .time_ns = 100});
    rows.text("dns.question.name", "www.Example.org");
    rows.row({.source = "2001:db8::1", .ip_protocol = 6, .word = "TCP", .time_ns = 90});
    rows.row({.source = "10.0.0.3", .word = "ARP", .time_ns = 110, .arp = true});
    rows.row({.word = "ARP", .time_ns = 120});
    rows.row({.source = "10.0.0.9", .ip_protocol = 1, .word = "ICMP", .time_ns = 130});
    return rows.batch();
}

std::vector<std::uint32_t> rows_found(const Asked& asked) {
    const wire::Batch batch = mixed_rows();
    const auto view = proto::BatchView::check(batch);
    Question question = question_of(asked);
    return question.find(*view);
}

using Rows = std::vector<std::uint32_t>;

TEST(Question, AsksEachPartOfRows) {
    EXPECT_EQ(rows_found({}), (Rows{0, 1, 2, 3, 4}));
    EXPECT_EQ(rows_found({.words = {"dns"}}), Rows{0});
    EXPECT_EQ(rows_found({.words = {"tcp"}}), Rows{1});
    EXPECT_EQ(rows_found({.words = {"arp"}}), (Rows{2, 3}));
    EXPECT_EQ(rows_found({.words = {"ip"}}), (Rows{0, 4}));
    EXPECT_EQ(rows_found({.words = {"icmp", "dns"}}), (Rows{0, 4}));
    EXPECT_EQ(rows_found({.words = {"icmp6"}}), Rows{});
    EXPECT_EQ(rows_found({.address = "10.0.0.2"}), Rows{0});
    EXPECT_EQ(rows_found({.address = "10.0.0.0/29"}), (Rows{0, 2}));
    EXPECT_EQ(rows_found({.address = "2001:db8::/32"}), Rows{1});
    EXPECT_EQ(rows_found({.port = 53}), Rows{0});
    EXPECT_EQ(rows_found({.port = 54}), Rows{});
    EXPECT_EQ(rows_found({.display = "ip.src == 10.0.0.9"}), Rows{4});
    EXPECT_EQ(rows_found({.words = {"arp"}, .display = "source.ip == 10.0.0.3"}), Rows{2});
    EXPECT_EQ(rows_found({.name = "*.example.ORG"}), Rows{0});
    EXPECT_EQ(rows_found({.name = "*.example.net"}), Rows{});
    EXPECT_EQ(rows_found({.name = "www.example.or"}), Rows{});
}

// A question finds in a serialized batch what it finds in the parsed one. Of a damaged one it finds rows that
// can be read, or the view is broken.
void expect_the_same_in_place(const std::string& bytes, std::vector<Question>& questions) {
    wire::Batch batch;
    const bool whole = batch.ParseFromString(bytes);
    const auto parsed = proto::BatchView::check(batch);
    for (Question& question : questions) {
        const auto in_place = proto::BatchView::in_place(bytes);
        if (!in_place) return;
        const std::vector<std::uint32_t> rows = question.find(*in_place);
        if (in_place->broken()) continue;
        if (whole && parsed) {
            ASSERT_EQ(rows, question.find(*parsed));
        }
        if (rows.empty() || rows.size() == in_place->rows()) continue;
        const wire::Batch selected = proto::select_rows(*in_place, rows);
        if (in_place->broken()) continue;
        ASSERT_TRUE(proto::BatchView::check(selected));
        if (whole && parsed) {
            ASSERT_EQ(selected.SerializeAsString(), proto::select_rows(*parsed, rows).SerializeAsString());
        }
    }
}

TEST(Question, FindsTheSameInPlace) {
    std::vector<Question> questions;
    for (const Asked& asked : kQuestions) questions.push_back(question_of(asked));
    RandomRows rows(11);
    for (int round = 0; round < 60; ++round) {
        const std::string bytes = rows.block(1 + rows.below(300)).batch().SerializeAsString();
        ASSERT_TRUE(proto::BatchView::in_place(bytes));
        expect_the_same_in_place(bytes, questions);
        for (int damages = 0; damages < 8; ++damages) {
            std::string damaged = bytes;
            damaged[rows.below(static_cast<std::uint32_t>(bytes.size()))] =
                static_cast<char>(rows.below(256));
            expect_the_same_in_place(damaged, questions);
        }
    }
}

TEST(Question, EachRowHasATimeOfItsOwn) {
    EXPECT_EQ(rows_found({.times = {.since_ns = 100}}), (Rows{0, 2, 3, 4}));
    EXPECT_EQ(rows_found({.times = {.until_ns = 110}}), (Rows{0, 1}));
    EXPECT_EQ(rows_found({.times = {.since_ns = 100, .until_ns = 111}}), (Rows{0, 2}));
    EXPECT_EQ(rows_found({.times = {.since_ns = 100, .until_ns = 100}}), Rows{});
}

TEST(Question, TellsWhatItCannotAsk) {
    const auto refused = [](const wire::Filter& filter, std::string_view name = {}) {
        const auto question = Question::make(filter, name, {});
        if (question) return std::string("taken");
        EXPECT_EQ(question.error().code, base::ErrorCode::filter);
        return question.error().message;
    };
    wire::Filter bpf;
    bpf.set_bpf("tcp");
    EXPECT_EQ(
        refused(bpf),
        "rows cannot be asked with a BPF expression, which needs the packets; use -Y or the other filters");
    EXPECT_EQ(refused(filter_of({.display = "ip.addr =="})).substr(0, 30), "the display filter is refused:");
    EXPECT_EQ(refused(filter_of({.display = "dns.qry.name matches \"(\""})).substr(0, 30),
              "the display filter is refused:");
    EXPECT_EQ(refused(filter_of({.words = {"nothing"}})).substr(0, 26), "unknown protocol 'nothing'");
    EXPECT_EQ(refused({}, std::string(256, '*')),
              "the pattern for names has 256 bytes, and at most 255 are allowed");
}

TEST(TimeRange, MeetsWhatMayHaveATimeOfIt) {
    const TimeRange range{.since_ns = 10, .until_ns = 20};
    EXPECT_TRUE(range.meets(0, 10));
    EXPECT_TRUE(range.meets(19, 30));
    EXPECT_TRUE(range.meets(0, 30));
    EXPECT_FALSE(range.meets(0, 9));
    EXPECT_FALSE(range.meets(20, 30));
    EXPECT_TRUE(TimeRange().has(TimeRange::kNoEnd));
    EXPECT_TRUE(TimeRange().has(TimeRange::kNoBegin));
}

}  // namespace
}  // namespace packetsentry::spool
