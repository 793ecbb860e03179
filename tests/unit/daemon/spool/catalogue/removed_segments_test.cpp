#include "daemon/spool/catalogue/removed_segments.h"

#include "tests/unit/daemon/spool/catalogue/spool_in_directory.h"

namespace packetsentry::spool {
namespace {

Segment removed_segment(std::uint64_t counter, std::int64_t time_ns, std::uint32_t table = 1) {
    return {.state = SegmentState::removed,
            .table = table,
            .owner_uid = static_cast<std::uint32_t>(counter),
            .counter = counter,
            .created_ns = time_ns,
            .closed_ns = time_ns + 10,
            .progress = test::progress_of(time_ns, time_ns + 9, 100, 50),
            .terms = std::make_shared<const std::string>("terms")};
}

std::vector<std::uint64_t> counters_of(const std::vector<Segment>& segments) {
    std::vector<std::uint64_t> counters;
    for (const Segment& segment : segments) counters.push_back(segment.counter);
    return counters;
}

TEST(RemovedSegments, AreMergedFromTheOldestOn) {
    std::vector<Segment> segments;
    for (std::uint64_t counter = 1; counter <= 6; ++counter)
        segments.push_back(removed_segment(counter, static_cast<std::int64_t>(counter) * 100));
    segments[1].state = SegmentState::closed;
    segments[2].progress = {.rows_bytes = 100};  // its rows were never known
    merge_removed(segments, 2);
    EXPECT_EQ(counters_of(segments), (std::vector<std::uint64_t>{2, 5, 6}));
    const Segment& merged = segments[1];
    EXPECT_EQ(merged.state, SegmentState::removed);
    EXPECT_EQ(merged.owner_uid, 5U);
    EXPECT_EQ(merged.times().since_ns, 100);
    EXPECT_EQ(merged.times().until_ns, 509);
    EXPECT_EQ(merged.created_ns, 100);
    EXPECT_EQ(merged.closed_ns, 510);
    EXPECT_EQ(merged.progress.rows, 30U);
    EXPECT_EQ(merged.progress.rows_bytes, 400U);
    EXPECT_EQ(merged.progress.last_number, 0U) << "each run counts from 1";
    EXPECT_EQ(segments[2].progress, removed_segment(6, 600).progress);
}

TEST(RemovedSegments, AreMergedWithinATable) {
    std::vector<Segment> segments;
    for (std::uint64_t counter = 1; counter <= 6; ++counter)
        segments.push_back(removed_segment(counter, static_cast<std::int64_t>(counter) * 100,
                                           static_cast<std::uint32_t>(1 + counter % 2)));
    merge_removed(segments, 1);
    EXPECT_EQ(counters_of(segments), (std::vector<std::uint64_t>{5, 6}));
    EXPECT_EQ(segments[0].times().since_ns, 100);
    EXPECT_EQ(segments[1].times().since_ns, 200);
}

TEST(RemovedSegments, AreLeftAsTheyAreWhenTheyAreFew) {
    std::vector<Segment> segments = {removed_segment(1, 100), removed_segment(2, 200)};
    merge_removed(segments, 2);
    EXPECT_EQ(counters_of(segments), (std::vector<std::uint64_t>{1, 2}));
    EXPECT_EQ(segments[0].progress.last_number, 10U);
}

struct LongLivedSpool : test::SpoolTest {};

// Twice as many segments as are remembered come and go.
TEST_F(LongLivedSpool, RemembersABoundedNumberOfRemovedSegments) {
    const std::uint64_t last = 2 * kRemovedKept;
    std::size_t most = 0;
    for (std::uint64_t i = 1; i <= last; ++i) {
        const std::int64_t begun_ns = test::kStart + static_cast<std::int64_t>(i) * test::kMinute;
        const std::uint64_t counter =
            record({.begun_ns = begun_ns, .closed_ns = begun_ns + 1, .rows_bytes = 72, .packets_bytes = 0});
        ASSERT_EQ(spool->remove(std::vector<Removal>{{.job = 12, .counter = counter}}).segments, 1U);
        most = std::max(most, all().size());
    }
    EXPECT_LT(most, last);
    reopen();
    EXPECT_LT(all().size(), most);
    // Each minute is still known as one that is no longer kept.
    for (std::uint64_t i = 1; i <= last; i += 97) {
        const std::int64_t begun_ns = test::kStart + static_cast<std::int64_t>(i) * test::kMinute;
        ASSERT_FALSE(spool->list(12, {begun_ns, begun_ns}).empty()) << i;
    }
    EXPECT_TRUE(spool->list(12, {0, test::kStart}).empty());
    EXPECT_EQ(record(), last + 1);
}

}  // namespace
}  // namespace packetsentry::spool
