#include "daemon/spool/search/time_merge.h"

#include <algorithm>
#include <deque>
#include <map>

#include "tests/unit/daemon/spool/search/searched_segments.h"

namespace packetsentry::spool {
namespace {

// A row by the number of its job and the place in what the job has, and its time.
struct Merged {
    std::uint64_t job = 0;
    std::uint64_t number = 0;
    std::int64_t time_ns = 0;

    bool operator==(const Merged&) const = default;
};

// Gives batches of rows with these times. Rows of the job are numbered from 1.
class GivenRows : public RowStream {
  public:
    GivenRows(std::uint64_t job, const std::vector<std::vector<std::int64_t>>& batches, SearchOrder order) {
        std::uint64_t number = 1;
        for (const auto& times : batches) {
            test::RowBuilder rows;
            for (const std::int64_t time : times) rows.row({.time_ns = time});
            FoundRows found{.job = job, .batch = rows.batch()};
            found.batch.set_first_number(number);
            for (std::size_t row = 0; row < times.size(); ++row) found.places.push_back({number + row, 1});
            number += times.size();
            left_.push_back(std::move(found));
        }
        if (order == SearchOrder::newest_first) std::ranges::reverse(left_);
    }
    base::Result<std::optional<FoundRows>> next() override {
        if (left_.empty()) return std::nullopt;
        FoundRows found = std::move(left_.front());
        left_.pop_front();
        return found;
    }

  private:
    std::deque<FoundRows> left_;
};

using Jobs = std::vector<std::vector<std::vector<std::int64_t>>>;

TimeMerge merge_of(const Jobs& jobs, SearchOrder order, std::uint64_t limit = TimeMerge::kNoLimit) {
    std::vector<std::unique_ptr<RowStream>> streams;
    for (std::size_t job = 0; job < jobs.size(); ++job)
        streams.push_back(std::make_unique<GivenRows>(job, jobs[job], order));
    return {std::move(streams), order, limit};
}

// In their own order, whichever that of the merge is.
std::vector<Merged> rows_of(const FoundRows& run) {
    std::vector<Merged> rows;
    const auto view = proto::BatchView::check(run.batch);
    EXPECT_TRUE(view);
    EXPECT_EQ(run.places.size(), view->rows());
    for (std::uint32_t row = 0; row < view->rows(); ++row) {
        EXPECT_EQ(run.places[row].offset, view->number(row));
        rows.push_back({run.job, view->number(row), view->time_ns(row)});
    }
    return rows;
}

std::vector<Merged> merged(TimeMerge merge, SearchOrder order) {
    std::vector<Merged> all;
    while (true) {
        auto run = merge.next();
        EXPECT_TRUE(run);
        if (!run || !*run) return all;
        std::vector<Merged> rows = rows_of(**run);
        if (order == SearchOrder::newest_first) std::ranges::reverse(rows);
        all.insert(all.end(), rows.begin(), rows.end());
    }
}

std::vector<std::int64_t> times_of(const std::vector<Merged>& rows) {
    std::vector<std::int64_t> times;
    for (const Merged& row : rows) times.push_back(row.time_ns);
    return times;
}

constexpr auto kOldest = SearchOrder::oldest_first, kNewest = SearchOrder::newest_first;

TEST(TimeMerge, JoinsJobsByTime) {
    const Jobs jobs = {{{1, 2, 7}, {9}}, {{3, 4, 5}, {6, 10}}, {}};
    EXPECT_EQ(times_of(merged(merge_of(jobs, kOldest), kOldest)),
              (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 9, 10}));
    EXPECT_EQ(times_of(merged(merge_of(jobs, kNewest), kNewest)),
              (std::vector<std::int64_t>{10, 9, 7, 6, 5, 4, 3, 2, 1}));
}

TEST(TimeMerge, GivesRowsOfOneJobTogether) {
    TimeMerge merge = merge_of({{{1, 2, 7}}, {{3, 4, 5}}}, kOldest);
    std::vector<std::size_t> lengths;
    while (const auto run = merge.next().value()) lengths.push_back(run->batch.rows());
    EXPECT_EQ(lengths, (std::vector<std::size_t>{2, 3, 1}));
}

// The clock was set back during the first job.
TEST(TimeMerge, KeepsTheOrderOfAJob) {
    const Jobs jobs = {{{10, 20, 5, 6, 30}}, {{15, 25}}};
    const std::vector<Merged> rows = merged(merge_of(jobs, kOldest), kOldest);
    EXPECT_EQ(times_of(rows), (std::vector<std::int64_t>{10, 15, 20, 5, 6, 25, 30}));
    const std::vector<Merged> newest = merged(merge_of(jobs, kNewest), kNewest);
    EXPECT_EQ(times_of(newest), (std::vector<std::int64_t>{30, 25, 15, 6, 5, 20, 10}));
}

Jobs random_jobs(std::minstd_rand& random) {
    Jobs jobs(1 + random() % 5);
    for (auto& job : jobs) {
        std::int64_t time = 0;
        for (auto batch = random() % 6; batch != 0; --batch) {
            auto& rows = job.emplace_back();
            for (auto row = 1 + random() % 7; row != 0; --row)
                rows.push_back(time += static_cast<std::int64_t>(random() % 4));
        }
    }
    return jobs;
}

TEST(TimeMerge, GivesEachRowOnceAndInOrder) {
    std::minstd_rand random(3);
    for (int round = 0; round < 300; ++round) {
        const Jobs jobs = random_jobs(random);
        std::size_t count = 0;
        for (const auto& job : jobs)
            for (const auto& batch : job) count += batch.size();
        const std::vector<Merged> rows = merged(merge_of(jobs, kOldest), kOldest);
        ASSERT_EQ(rows.size(), count);
        ASSERT_TRUE(std::ranges::is_sorted(rows, {}, &Merged::time_ns));
        std::map<std::uint64_t, std::uint64_t> last;
        for (const Merged& row : rows) ASSERT_EQ(row.number, ++last[row.job]);
        std::vector<Merged> newest = merged(merge_of(jobs, kNewest), kNewest);
        std::ranges::reverse(newest);
        ASSERT_EQ(newest, rows);
        for (const std::uint64_t limit : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{count / 2}}) {
            const std::vector<Merged> first = merged(merge_of(jobs, kOldest, limit), kOldest);
            ASSERT_EQ(first.size(), std::min<std::uint64_t>(limit, count));
            ASSERT_TRUE(std::ranges::equal(first, std::span(rows).first(first.size())));
        }
    }
}

TEST(TimeMerge, GivesTheNewestRowsAsTheyCame) {
    const Jobs jobs = {{{1, 2, 7}, {9}}, {{3, 4, 5}, {6, 10}}};
    TimeMerge merge = merge_of(jobs, kNewest, 5);
    const auto runs = oldest_first(merge, 1 << 20);
    ASSERT_TRUE(runs);
    std::vector<Merged> rows;
    for (const FoundRows& run : *runs)
        for (const Merged& row : rows_of(run)) rows.push_back(row);
    EXPECT_EQ(times_of(rows), (std::vector<std::int64_t>{5, 6, 7, 9, 10}));
    TimeMerge again = merge_of(jobs, kNewest);
    const auto refused = oldest_first(again, 5000);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message,
              "the rows take too much memory to be put in order; ask for fewer of them");
}

class NoSupply : public RowStream {
  public:
    base::Result<std::optional<FoundRows>> next() override {
        return base::fail(base::ErrorCode::internal, "the link is gone");
    }
};

TEST(TimeMerge, EndsWithTheErrorOfAStream) {
    std::vector<std::unique_ptr<RowStream>> streams;
    streams.push_back(std::make_unique<GivenRows>(1, std::vector<std::vector<std::int64_t>>{{1}}, kOldest));
    streams.push_back(std::make_unique<NoSupply>());
    TimeMerge merge(std::move(streams), kOldest);
    const auto run = merge.next();
    ASSERT_FALSE(run);
    EXPECT_EQ(run.error().message, "the link is gone");
}

}  // namespace
}  // namespace packetsentry::spool
