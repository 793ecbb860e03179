#include "daemon/spool/search/surroundings.h"

#include <algorithm>
#include <limits>

#include "daemon/spool/search/time_merge.h"
#include "tests/unit/daemon/spool/search/searched_segments.h"

namespace packetsentry::spool {
namespace {

constexpr std::uint64_t kJob = 12;  // whose the files of RowsFile are

wire::Batch rows_at(const std::vector<std::int64_t>& times, const std::string& source = "10.0.0.1") {
    test::RowBuilder rows;
    for (const std::int64_t time : times)
        rows.row({.source = source, .destination = "10.0.0.2", .word = "ICMP", .time_ns = time});
    return rows.batch();
}

FoundRows found_at(std::uint64_t job, const std::vector<std::int64_t>& times) {
    return {.job = job, .batch = rows_at(times)};
}

TEST(Surroundings, AreThoseOfEachJob) {
    Surroundings around(5);
    ASSERT_TRUE(around.add(found_at(1, {100, 108, 200})));
    ASSERT_TRUE(around.add(found_at(2, {50})));
    EXPECT_EQ(around.of(1).pieces(), 2U);
    EXPECT_EQ(around.of(1).find(95), (TimeSet::Piece{95, 113}));
    EXPECT_EQ(around.of(1).find(205), (TimeSet::Piece{195, 205}));
    EXPECT_EQ(around.of(2).find(55), (TimeSet::Piece{45, 55}));
    EXPECT_EQ(around.of(3).pieces(), 0U);
}

TEST(Surroundings, EndWhereTimeDoes) {
    constexpr auto kLatest = std::numeric_limits<std::int64_t>::max();
    constexpr auto kEarliest = std::numeric_limits<std::int64_t>::min();
    EXPECT_EQ(Surroundings::later(kLatest - 3, 5), kLatest);
    EXPECT_EQ(Surroundings::earlier(kEarliest + 3, 5), kEarliest);
    EXPECT_EQ(Surroundings::later(3, 5), 8);
    EXPECT_EQ(Surroundings::earlier(3, 5), -2);
}

TEST(Surroundings, AreRefusedWhereTheyAreTooMany) {
    Surroundings around(1);
    std::vector<std::int64_t> times;
    for (std::int64_t time = 0; time < 1000; ++time) times.push_back(time * 10);
    base::Result<void> added;
    int batches = 0;
    for (; added && batches < 200; ++batches) {
        added = around.add(found_at(1, times));
        for (std::int64_t& time : times) time += 1'000'000;
    }
    ASSERT_FALSE(added);
    EXPECT_EQ(batches, 101);
    EXPECT_EQ(added.error().code, base::ErrorCode::usage);
}

// --- a search that gives them

class OneSegment : public SegmentSupply {
  public:
    explicit OneSegment(SegmentFiles files) : files_(std::move(files)) {}
    base::Result<std::optional<SegmentFiles>> next() override {
        if (!files_) return std::nullopt;
        return std::exchange(files_, std::nullopt);
    }

  private:
    std::optional<SegmentFiles> files_;
};

class NoNotes : public SearchNotes {
    void cannot_read(const FileHeader&, const Unreadable&) override { ADD_FAILURE(); }
    void cannot_search(const base::Error& error) override { ADD_FAILURE() << error.message; }
};

struct Given {
    std::int64_t time_ns = 0;
    bool matching = false;

    bool operator==(const Given&) const = default;
};

std::vector<Given> rows_in(const FoundRows& found) {
    std::vector<Given> given;
    const auto view = proto::BatchView::check(found.batch);
    for (std::uint32_t row = 0; row < view->rows(); ++row)
        given.push_back({view->time_ns(row), found.matching.empty() || found.matching[row] != 0});
    return given;
}

std::vector<Given> all_of(Question& question, RowsFile& file, bool with_index, SearchOrder order,
                          Surroundings* add_to = nullptr) {
    OneSegment supply(files_of(file.bytes(), with_index ? file.index() : std::string()));
    NoNotes notes;
    JobSearch search(supply, notes, question, order);
    std::vector<Given> given;
    while (const auto found = search.next().value()) {
        if (add_to != nullptr) {
            EXPECT_TRUE(add_to->add(*found));
        }
        for (const Given& row : rows_in(*found)) given.push_back(row);
    }
    return given;
}

TEST(Surroundings, AreFoundByASecondSearchWithAnIndexAndWithoutOne) {
    RowsFile file;
    file.add(rows_at({100, 110, 120}));
    file.add(rows_at({130}, "192.0.2.9"));
    file.add(rows_at({134, 141, 300}));
    file.add(rows_at({400, 410}));
    file.add(rows_at({420}, "192.0.2.9"));
    for (const bool with_index : {false, true})
        for (const SearchOrder order : {SearchOrder::oldest_first, SearchOrder::newest_first}) {
            Question question =
                question_of({.address = "192.0.2.9", .times = {.since_ns = 0, .until_ns = 415}});
            Surroundings around(10);
            const auto first = all_of(question, file, with_index, order, &around);
            EXPECT_EQ(first, (std::vector<Given>{{130, true}}));
            question.look_around(around);
            auto second = all_of(question, file, with_index, order);
            std::ranges::sort(second, {}, &Given::time_ns);
            EXPECT_EQ(second, (std::vector<Given>{{120, false}, {130, true}, {134, false}}));
        }
}

// They may be later than the time that was asked for, where nothing counts as found.
TEST(Surroundings, ReachBeyondTheTimeThatWasAskedFor) {
    RowsFile file;
    file.add(rows_at({95, 100, 105, 110}, "192.0.2.9"));
    Question question = question_of({.address = "192.0.2.9", .times = {.since_ns = 100, .until_ns = 105}});
    Surroundings around(5);
    EXPECT_EQ(all_of(question, file, false, SearchOrder::oldest_first, &around).size(), 1U);
    question.look_around(around);
    EXPECT_EQ(all_of(question, file, false, SearchOrder::oldest_first),
              (std::vector<Given>{{95, false}, {100, true}, {105, false}}));
}

TEST(Surroundings, OfAJobWithNothingFoundAreNone) {
    RowsFile file;
    file.add(rows_at({100, 110}));
    Question question = question_of({});
    Surroundings around(10);
    ASSERT_TRUE(around.add(found_at(kJob + 1, {100})));
    question.look_around(around);
    EXPECT_TRUE(all_of(question, file, true, SearchOrder::oldest_first).empty());
}

TEST(Surroundings, StayWithTheirRowsWhereJobsAreJoined) {
    FoundRows found = found_at(kJob, {100, 101, 102});
    found.matching = {0, 1, 0};
    const auto view = proto::BatchView::check(found.batch);
    EXPECT_EQ(rows_in(part_of(found, *view, 1, 3)), (std::vector<Given>{{101, true}, {102, false}}));
}

}  // namespace
}  // namespace packetsentry::spool
