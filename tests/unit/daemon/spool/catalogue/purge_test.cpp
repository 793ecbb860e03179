#include "daemon/spool/catalogue/purge.h"

#include "tests/unit/daemon/spool/catalogue/spool_in_directory.h"

namespace packetsentry::spool {
namespace {

using test::kHour;
using test::kStart;

// Three segments of an hour, which are closed, and one that is open and has rows.
struct PurgedSpool : test::SpoolTest {
    PurgedSpool() {
        for (int i = 0; i < 3; ++i)
            record({.begun_ns = kStart + i * kHour, .closed_ns = kStart + (i + 1) * kHour - 1});
        open_segment = begin({.begun_ns = kStart + 3 * kHour});
        const auto progress = test::progress_of(kStart + 3 * kHour, kStart + 3 * kHour + 9, 64, 0);
        EXPECT_TRUE(spool->note_progress(12, 4, progress));
    }

    // The counters that are left, after a dry run has told the same as the purge.
    std::vector<std::uint64_t> left_after(PurgeOrder order, PurgeReport& report) {
        order.job = 12;
        order.dry_run = true;
        const PurgeReport dry = spool->purge(order).value();
        EXPECT_EQ(kept().size(), 4U);
        order.dry_run = false;
        report = spool->purge(order).value();
        EXPECT_EQ(dry.removed.segments, report.removed.segments);
        EXPECT_EQ(dry.removed.bytes, report.removed.bytes);
        EXPECT_EQ(dry.rows, report.rows);
        EXPECT_EQ(dry.staying.size(), report.staying.size());
        return kept();
    }
    [[nodiscard]] std::vector<std::uint64_t> kept() const {
        std::vector<std::uint64_t> counters;
        for (const Segment& segment : all())
            if (segment.kept()) counters.push_back(segment.counter);
        return counters;
    }

    BegunSegment open_segment;
};

using Counters = std::vector<std::uint64_t>;

TEST_F(PurgedSpool, LosesWhatIsWhollyBeforeTheTime) {
    PurgeReport report;
    EXPECT_EQ(left_after({.before_ns = kStart + 2 * kHour}, report), (Counters{3, 4}));
    EXPECT_EQ(report.removed.segments, 2U);
    EXPECT_EQ(report.removed.bytes, 8000U);
    EXPECT_EQ(report.rows, 20U);
    EXPECT_TRUE(report.staying.empty());
    EXPECT_TRUE(report.removed.problems.empty());
    EXPECT_FALSE(has(1, SegmentFile::rows));
    EXPECT_FALSE(has(1, SegmentFile::packets));
    EXPECT_EQ(segment(1)->state, SegmentState::removed);
    EXPECT_EQ(segment(1)->progress.last_time_ns, kStart + kHour - 1) << "no longer kept, not never there";
    reopen();
    EXPECT_EQ(segment(1)->state, SegmentState::removed);
    EXPECT_EQ(segment(1)->progress.last_time_ns, kStart + kHour - 1);
    EXPECT_FALSE(spool->open_to_read(12, 1));
}

TEST_F(PurgedSpool, KeepsWhatIsOnBothSidesAndSaysSo) {
    PurgeReport report;
    EXPECT_EQ(left_after({.before_ns = kStart + 2 * kHour - 1}, report), (Counters{2, 3, 4}));
    ASSERT_EQ(report.staying.size(), 1U);
    EXPECT_EQ(report.staying[0].counter, 2U);
    EXPECT_FALSE(report.staying[0].open);
    EXPECT_TRUE(report.staying[0].times_known);
    EXPECT_EQ(report.staying[0].times.since_ns, kStart + kHour);
    EXPECT_EQ(report.staying[0].times.until_ns, kStart + 2 * kHour - 1);
}

TEST_F(PurgedSpool, LosesWhatIsOnBothSidesIfAsked) {
    PurgeReport report;
    EXPECT_EQ(left_after({.before_ns = kStart + kHour + 1, .whole = true}, report), (Counters{3, 4}));
    EXPECT_TRUE(report.staying.empty());
}

TEST_F(PurgedSpool, NeverLosesAnOpenSegment) {
    PurgeReport report;
    EXPECT_EQ(left_after({.before_ns = kStart + 9 * kHour, .whole = true}, report), (Counters{4}));
    ASSERT_EQ(report.staying.size(), 1U);
    EXPECT_EQ(report.staying[0].counter, 4U);
    EXPECT_TRUE(report.staying[0].open);
}

TEST_F(PurgedSpool, LosesNothingBeforeItsFirstRow) {
    PurgeReport report;
    EXPECT_EQ(left_after({.before_ns = kStart, .whole = true}, report), (Counters{1, 2, 3, 4}));
    EXPECT_EQ(report.removed.segments, 0U);
    EXPECT_TRUE(report.staying.empty());
}

// Nobody knows when the rows were that a crash has left, so they stay unless everything is to go.
TEST_F(PurgedSpool, KeepsWhatItDoesNotKnow) {
    test::write_to(open_segment.outputs.rows, "some rows");
    reopen();
    const PurgeReport report = spool->purge({.job = 12, .before_ns = kStart + 9 * kHour}).value();
    EXPECT_EQ(kept(), (Counters{4}));
    ASSERT_EQ(report.staying.size(), 1U);
    EXPECT_FALSE(report.staying[0].times_known);
    EXPECT_FALSE(report.staying[0].open);
    EXPECT_TRUE(spool->purge({.job = 12, .before_ns = kStart + 9 * kHour, .whole = true}));
    EXPECT_EQ(kept(), Counters{});
    EXPECT_EQ(all().size(), 4U);
}

TEST_F(PurgedSpool, RefusesAJobThatIsNotThere) {
    EXPECT_EQ(spool->purge({.job = 13}).error().code, base::ErrorCode::no_such_job);
}

TEST_F(PurgedSpool, LosesPacketsAlone) {
    const std::vector<Removal> removals = {{.job = 12, .counter = 1, .part = RemovedPart::packets},
                                           {.job = 12, .counter = 2, .part = RemovedPart::whole},
                                           {.job = 12, .counter = 4, .part = RemovedPart::whole},
                                           {.job = 12, .counter = 99, .part = RemovedPart::whole},
                                           {.job = 99, .counter = 1, .part = RemovedPart::whole}};
    const RemovedTotal total = spool->remove(removals);
    EXPECT_EQ(total.segments, 2U);
    EXPECT_EQ(total.bytes, 3000U + 4000U);
    EXPECT_FALSE(has(1, SegmentFile::packets));
    EXPECT_TRUE(has(1, SegmentFile::rows));
    reopen();
    EXPECT_EQ(segment(1)->packets, PacketsState::removed);
    const auto readable = spool->open_to_read(12, 1);
    EXPECT_FALSE(readable->packets);
    EXPECT_EQ(readable->packets_bytes, 0U);
    EXPECT_EQ(readable->rows_bytes, 1000U);
}

TEST_F(PurgedSpool, HandsItsSegmentsToRetention) {
    const auto stored = spool->stored_segments();
    ASSERT_EQ(stored.size(), 4U);
    EXPECT_EQ(stored[0].job, 12U);
    EXPECT_EQ(stored[0].rows_bytes, 1000U);
    EXPECT_EQ(stored[0].packets_bytes, 3000U);
    EXPECT_EQ(stored[0].newest_ns, kStart + kHour - 1);
    EXPECT_FALSE(stored[0].open);
    EXPECT_TRUE(stored[3].open);
    const SpoolLimits limits{.other_jobs = {.packets = {.bytes = 6000}}};
    const auto removals = plan_removals(stored, limits, {.now_ns = kStart});
    EXPECT_EQ(spool->remove(removals).bytes, 3000U);
    EXPECT_TRUE(plan_removals(spool->stored_segments(), limits, {.now_ns = kStart}).empty());
}

}  // namespace
}  // namespace packetsentry::spool
