#include "daemon/spool/catalogue/retention.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>

namespace packetsentry::spool {
namespace {

constexpr std::uint32_t kTablePackets = 1;
constexpr std::uint32_t kTableFlows = 2;
constexpr std::int64_t kNow = 1'000'000;

// "12/3" is segment 3 of job 12; "12/3p" are its packets.
std::string text_of(const Removal& removal) {
    return std::to_string(removal.job) + "/" + std::to_string(removal.counter) +
           (removal.part == RemovedPart::packets ? "p" : "");
}

std::string text_of(const std::vector<Removal>& removals) {
    std::string text;
    for (const Removal& removal : removals) text += (text.empty() ? "" : " ") + text_of(removal);
    return text;
}

// Five segments of job 1, each of 10 bytes of rows and 100 of packets, which are 50, 40, 30, 20 and 0
// old. The last one is open.
std::vector<StoredSegment> five_segments(std::uint64_t job = 1) {
    std::vector<StoredSegment> segments;
    for (const std::int64_t age : {50, 40, 30, 20, 0})
        segments.push_back({.job = job,
                            .counter = segments.size() + 1,
                            .table = kTablePackets,
                            .open = age == 0,
                            .newest_ns = kNow - age,
                            .rows_bytes = 10,
                            .packets_bytes = 100});
    return segments;
}

SpoolLimits limits_of_job(const JobLimits& limits) {
    return {.jobs = {{1, limits}}};
}

struct LimitsCase {
    const char* name;
    SpoolLimits limits;
    std::string removed;
    RetentionInput input = {.now_ns = kNow};
};

TEST(Retention, RemovesTheOldestOfAJob) {
    const std::vector<LimitsCase> kCases = {
        {"no limits", {}, ""},
        {"age of packets", limits_of_job({.packets = {.age_ns = 30}}), "1/1p 1/2p 1/3p"},
        {"age of rows", limits_of_job({.rows = {{kTablePackets, {.age_ns = 40}}}}), "1/1 1/2"},
        {"age of another table", limits_of_job({.rows = {{kTableFlows, {.age_ns = 1}}}}), ""},
        {"both ages", limits_of_job({.packets = {.age_ns = 25}, .rows = {{kTablePackets, {.age_ns = 45}}}}),
         "1/1 1/2p 1/3p"},
        {"rows without use", limits_of_job({.packets = {.age_ns = 40}, .rows_outlive_packets = false}),
         "1/1 1/2"},
        {"everything is too old, but one is open", limits_of_job({.rows = {{kTablePackets, {.age_ns = 0}}}}),
         "1/1 1/2 1/3 1/4"},
        {"bytes of packets, exactly", limits_of_job({.packets = {.bytes = 500}}), ""},
        {"bytes of packets, one too many", limits_of_job({.packets = {.bytes = 499}}), "1/1p"},
        {"bytes of packets of two", limits_of_job({.packets = {.bytes = 399}}), "1/1p 1/2p"},
        {"no packets at all", limits_of_job({.packets = {.bytes = 0}}), "1/1p 1/2p 1/3p 1/4p"},
        {"bytes of rows", limits_of_job({.rows = {{kTablePackets, {.bytes = 39}}}}), "1/1 1/2"},
        {"bytes of both",
         limits_of_job({.packets = {.bytes = 200}, .rows = {{kTablePackets, {.bytes = 40}}}}),
         "1/1 1/2p 1/3p"},
        {"bytes and rows without use",
         limits_of_job({.packets = {.bytes = 300}, .rows_outlive_packets = false}), "1/1 1/2"},
        {"age, then bytes count what is left", limits_of_job({.packets = {.bytes = 300, .age_ns = 40}}),
         "1/1p 1/2p"},
        {"other jobs", {.other_jobs = {.packets = {.bytes = 450}}}, "1/1p"},
        {"the whole spool", {.bytes = 400}, "1/1p 1/2p"},
        {"the whole spool, exactly", {.bytes = 550}, ""},
        {"nothing may be kept", {.bytes = 0}, "1/1 1/2 1/3 1/4"},
        {"packets first, then rows", {.bytes = 139}, "1/1 1/2 1/3p 1/4p"},
        {"too little of the disk is free", {.free_disk = 1000}, "1/1p 1/2p", {.free_bytes = 801}},
        {"enough of the disk is free", {.free_disk = 1000}, "", {.free_bytes = 1000}},
        {"a question still reads what was removed",
         {.free_disk = 1000},
         "1/1p",
         {.free_bytes = 801, .returning_bytes = 100}},
        {"what one rule frees counts for the next",
         {.jobs = {{1, {.packets = {.bytes = 300}}}}, .bytes = 400, .free_disk = 1000},
         "1/1p 1/2p",
         {.free_bytes = 800}},
        {"age removes nothing now",
         limits_of_job({.packets = {.bytes = 450, .age_ns = 1}}),
         "1/1p",
         {.now_ns = kNow, .age_may_remove = false}},
        {"a clock before the segments", limits_of_job({.packets = {.age_ns = 1}}), "", {.now_ns = 5}},
    };
    for (const LimitsCase& limits : kCases)
        EXPECT_EQ(text_of(plan_removals(five_segments(), limits.limits, limits.input)), limits.removed)
            << limits.name;
}

TEST(Retention, SaysWhyAndHowMuch) {
    const SpoolLimits limits{.jobs = {{1, {.packets = {.bytes = 400, .age_ns = 50}}}}, .bytes = 250};
    EXPECT_EQ(plan_removals(five_segments(), limits, {.now_ns = kNow}),
              (std::vector<Removal>{
                  {1, 1, RemovedPart::packets, RemovalReason::age, 100},
                  {1, 2, RemovedPart::packets, RemovalReason::spool_bytes, 100},
                  {1, 3, RemovedPart::packets, RemovalReason::spool_bytes, 100},
              }));
    EXPECT_EQ(plan_removals(five_segments(), {.other_jobs = {.packets = {.bytes = 400}}}, {.now_ns = kNow}),
              (std::vector<Removal>{{1, 1, RemovedPart::packets, RemovalReason::table_bytes, 100}}));
    EXPECT_EQ(plan_removals(five_segments(), {.free_disk = 1}, {.free_bytes = 0}),
              (std::vector<Removal>{{1, 1, RemovedPart::packets, RemovalReason::free_disk, 100}}));
}

// Job 2 is a user's, and all that it has is younger than what the standing jobs have.
TEST(Retention, RemovesJobsOfUsersFirst) {
    std::vector<StoredSegment> segments = five_segments(1);
    for (StoredSegment segment : five_segments(2)) {
        segment.newest_ns += 45;
        segments.push_back(segment);
    }
    SpoolLimits limits{.jobs = {{2, {.kept_by_user = true}}}};
    const auto removed_at = [&](std::uint64_t bytes) {
        limits.bytes = bytes;
        return text_of(plan_removals(segments, limits, {.now_ns = kNow}));
    };
    EXPECT_EQ(removed_at(900), "2/1p 2/2p");
    EXPECT_EQ(removed_at(690), "2/1 2/2p 2/3p 2/4p");
    EXPECT_EQ(removed_at(600), "1/1p 2/1 2/2 2/3 2/4");
    limits = {.jobs = limits.jobs, .user_bytes = 350};
    EXPECT_EQ(text_of(plan_removals(segments, limits, {.now_ns = kNow})), "2/1p 2/2p");
}

// Jobs 1 and 2 share their limits, and job 3 has its own.
TEST(Retention, CountsJobsTogetherThatShareTheirLimits) {
    std::vector<StoredSegment> segments;
    for (const std::uint64_t job : {1U, 2U, 3U})
        for (StoredSegment segment : five_segments(job)) {
            segment.newest_ns += job == 2 ? 5 : 0;
            segments.push_back(segment);
        }
    const auto removed_with = [&](const JobLimits& limits) {
        JobLimits own = limits;
        own.shared = 0;
        const SpoolLimits all{.jobs = {{1, limits}, {2, limits}, {3, own}}};
        return text_of(plan_removals(segments, all, {.now_ns = kNow}));
    };
    EXPECT_EQ(removed_with({.shared = 2, .packets = {.bytes = 1000}}), "");
    EXPECT_EQ(removed_with({.shared = 2, .packets = {.bytes = 700}}), "1/1p 2/1p 1/2p");
    EXPECT_EQ(removed_with({.shared = 2, .rows = {{kTablePackets, {.bytes = 80}}}}), "1/1 2/1");
    EXPECT_EQ(removed_with({.packets = {.bytes = 500}}), "");
    // A number that is shared is not that of a job.
    EXPECT_EQ(removed_with({.shared = 3, .packets = {.bytes = 1000}}), "");
}

std::vector<StoredSegment> segments_of_user(std::uint64_t job, std::uint32_t user, std::int64_t younger_by) {
    std::vector<StoredSegment> segments = five_segments(job);
    for (StoredSegment& segment : segments) {
        segment.owner_uid = user;
        segment.newest_ns += younger_by;
    }
    return segments;
}

std::vector<StoredSegment> joined(const std::vector<std::vector<StoredSegment>>& all) {
    std::vector<StoredSegment> segments;
    for (const auto& one : all) segments.insert(segments.end(), one.begin(), one.end());
    return segments;
}

// Alice has the oldest segments, and Bob has twice as many.
TEST(Retention, TakesFromTheUserWhoKeepsTheMost) {
    const auto segments =
        joined({segments_of_user(1, 1000, 0), segments_of_user(2, 1001, 50), segments_of_user(3, 1001, 50)});
    const auto removed = [&](const SpoolLimits& limits) {
        return text_of(plan_removals(segments, limits, {.now_ns = kNow}));
    };
    const JobLimits by_user{.kept_by_user = true};
    EXPECT_EQ(removed({.other_jobs = by_user, .user_bytes = 1650}), "");
    EXPECT_EQ(removed({.other_jobs = by_user, .user_bytes = 1400}), "2/1p 3/1p 2/2p");
    EXPECT_EQ(removed({.other_jobs = by_user, .user_bytes = 1100}), "2/1p 3/1p 2/2p 3/2p 2/3p 3/3p");
    EXPECT_EQ(removed({.other_jobs = by_user, .user_bytes = 1000}), "1/1p 2/1p 3/1p 2/2p 3/2p 2/3p 3/3p");
    EXPECT_EQ(removed({.other_jobs = by_user, .bytes = 1400}), "2/1p 3/1p 2/2p") << "of the whole spool";
}

// What is being written cannot be removed. Whoever has so much of it must not cost the others everything.
TEST(Retention, LeavesEachUserAnEqualShare) {
    std::vector<StoredSegment> greedy = segments_of_user(2, 1001, 0);
    for (StoredSegment& segment : greedy) segment.open = true;
    const auto segments = joined({segments_of_user(1, 1000, 0), greedy});
    const JobLimits by_user{.kept_by_user = true};
    const auto removed = [&](std::uint64_t user_bytes) {
        const SpoolLimits limits{.other_jobs = by_user, .user_bytes = user_bytes};
        return text_of(plan_removals(segments, limits, {.now_ns = kNow}));
    };
    EXPECT_EQ(removed(1100), "");
    EXPECT_EQ(removed(800), "1/1p 1/2p") << "an equal share has 400 bytes";
    EXPECT_EQ(removed(240), "1/1 1/2 1/3 1/4p") << "an equal share has 120 bytes";
}

TEST(Retention, CountsSmallSegmentsOfUsersAsLargerOnes) {
    std::vector<StoredSegment> segments;
    for (std::uint64_t job = 1; job <= kUserSegments + 3; ++job)
        segments.push_back({.job = job,
                            .counter = 1,
                            .table = kTablePackets,
                            .newest_ns = static_cast<std::int64_t>(job),
                            .rows_bytes = 1});
    SpoolLimits limits{.other_jobs = {.kept_by_user = true}, .user_bytes = 100 * kUserSegments};
    EXPECT_EQ(text_of(plan_removals(segments, limits, {.now_ns = kNow})), "1/1 2/1 3/1");
    limits.other_jobs.kept_by_user = false;
    EXPECT_EQ(text_of(plan_removals(segments, limits, {.now_ns = kNow})), "") << "standing jobs";
}

TEST(Retention, GoesByAgeAcrossJobs) {
    std::vector<StoredSegment> segments = five_segments(1);
    for (StoredSegment segment : five_segments(2)) {
        segment.newest_ns += 5;
        segments.push_back(segment);
    }
    EXPECT_EQ(text_of(plan_removals(segments, {.bytes = 700}, {.now_ns = kNow})), "1/1p 2/1p 1/2p 2/2p");
}

// The clock said 1970 when segment 3 was recorded.
TEST(Retention, GoesByCountersWithinAJob) {
    std::vector<StoredSegment> segments = five_segments();
    segments[2].newest_ns = 7;
    std::ranges::reverse(segments);
    EXPECT_EQ(text_of(plan_removals(segments, {.bytes = 300}, {.now_ns = kNow})), "1/1p 1/2p 1/3p");
}

struct Used {
    std::uint64_t total = 0;
    std::map<std::uint64_t, std::uint64_t> packets = {};                         // by job
    std::map<std::pair<std::uint64_t, std::uint32_t>, std::uint64_t> rows = {};  // by job and table
};

Used used_after(const std::vector<StoredSegment>& segments, const std::vector<Removal>& removals) {
    Used used;
    for (const StoredSegment& segment : segments) {
        const auto removal = std::ranges::find_if(removals, [&](const Removal& one) {
            return one.job == segment.job && one.counter == segment.counter;
        });
        const bool removed = removal != removals.end();
        const std::uint64_t packets = removed ? 0 : segment.packets_bytes;
        const std::uint64_t rows = removed && removal->part == RemovedPart::whole ? 0 : segment.rows_bytes;
        used.packets[segment.job] += packets;
        used.rows[{segment.job, segment.table}] += rows;
        used.total += packets + rows;
    }
    return used;
}

class RandomSegments {
  public:
    explicit RandomSegments(unsigned seed) : random_(seed) {}

    std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

    std::vector<StoredSegment> segments() {
        std::vector<StoredSegment> segments;
        for (std::uint64_t job = 1; job <= 3; ++job) {
            std::int64_t time_ns = static_cast<std::int64_t>(below(1000));
            const std::uint64_t count = below(40);
            for (std::uint64_t counter = 1; counter <= count; ++counter) {
                time_ns += static_cast<std::int64_t>(below(100)) - 10;
                const bool packets = below(2) == 0;
                segments.push_back({.job = job,
                                    .counter = counter,
                                    .table = packets ? kTablePackets : kTableFlows,
                                    .open = counter + 2 > count && below(2) == 0,
                                    .newest_ns = time_ns,
                                    .rows_bytes = 1 + below(100),
                                    .packets_bytes = packets ? below(1000) : 0});
            }
        }
        std::ranges::shuffle(segments, random_);
        return segments;
    }

    SpoolLimits limits() {
        SpoolLimits limits;
        for (std::uint64_t job = 1; job <= 3; ++job)
            limits.jobs[job] = {
                .kept_by_user = below(2) == 0,
                .packets = {.bytes = below(20'000)},
                .rows_outlive_packets = below(4) != 0,
                .rows = {{kTablePackets, {.bytes = below(4000)}}, {kTableFlows, {.bytes = below(4000)}}}};
        return limits;
    }

  private:
    std::minstd_rand random_;
};

const StoredSegment& segment_of(const std::vector<StoredSegment>& segments, const Removal& removal) {
    return *std::ranges::find_if(segments, [&](const StoredSegment& one) {
        return one.job == removal.job && one.counter == removal.counter;
    });
}

std::vector<StoredSegment> closed_of(std::vector<StoredSegment> segments) {
    std::erase_if(segments, [](const StoredSegment& segment) { return segment.open; });
    return segments;
}

// The removals without those after which there is a later one of the same job and table.
std::vector<Removal> last_of_each_table(const std::vector<StoredSegment>& segments,
                                        const std::vector<Removal>& removals) {
    std::map<std::pair<std::uint64_t, std::uint32_t>, Removal> last;
    for (const Removal& removal : removals) {
        const auto [found, is_first] =
            last.try_emplace({removal.job, segment_of(segments, removal).table}, removal);
        if (!is_first && found->second.counter < removal.counter) found->second = removal;
    }
    std::vector<Removal> removed;
    for (const auto& [table, removal] : last) removed.push_back(removal);
    return removed;
}

// A limit is exceeded only if everything that it counts is open.
TEST(Retention, KeepsTheLimitsOfEachTable) {
    for (unsigned seed = 1; seed <= 500; ++seed) {
        RandomSegments random(seed);
        const std::vector<StoredSegment> segments = random.segments();
        const SpoolLimits limits = random.limits();
        const std::vector<Removal> removals = plan_removals(segments, limits, {.now_ns = kNow});
        Used left = used_after(segments, removals);
        Used closed = used_after(closed_of(segments), removals);
        for (const auto& [job, of_job] : limits.jobs) {
            EXPECT_TRUE(left.packets[job] <= of_job.packets.bytes || closed.packets[job] == 0) << seed;
            for (const auto& [table, keep] : of_job.rows) {
                const std::pair key(job, table);
                EXPECT_TRUE(left.rows[key] <= keep.bytes || closed.rows[key] == 0) << seed;
            }
        }
    }
}

TEST(Retention, RemovesNoMoreOfATableThanItMust) {
    for (unsigned seed = 1; seed <= 500; ++seed) {
        RandomSegments random(seed);
        const std::vector<StoredSegment> segments = random.segments();
        const SpoolLimits limits = random.limits();
        const std::vector<Removal> removals = plan_removals(segments, limits, {.now_ns = kNow});
        for (const Removal& last : last_of_each_table(segments, removals)) {
            const StoredSegment& segment = segment_of(segments, last);
            const JobLimits& of_job = limits.jobs.at(last.job);
            std::vector<Removal> without = removals;
            std::erase(without, last);
            Used used = used_after(segments, without);
            const std::uint64_t rows = used.rows[{last.job, segment.table}];
            EXPECT_FALSE(segment.open) << seed;
            EXPECT_TRUE(used.packets[last.job] > of_job.packets.bytes ||
                        rows > of_job.rows.at(segment.table).bytes)
                << seed;
        }
    }
}

TEST(Retention, KeepsTheTotalAndRemovesNoMoreThanItMust) {
    for (unsigned seed = 1; seed <= 500; ++seed) {
        RandomSegments random(seed);
        const std::vector<StoredSegment> segments = random.segments();
        const SpoolLimits limits{.jobs = {{1, {.kept_by_user = true}}}, .bytes = random.below(30'000)};
        const std::vector<Removal> removals = plan_removals(segments, limits, {.now_ns = kNow});
        const std::uint64_t left = used_after(segments, removals).total;
        const std::uint64_t closed = used_after(closed_of(segments), removals).total;
        EXPECT_TRUE(left <= limits.bytes || closed == 0) << seed;
        std::uint64_t largest = 0;
        for (const Removal& removal : removals) largest = std::max(largest, removal.bytes);
        EXPECT_TRUE(removals.empty() || left + largest > limits.bytes) << seed;
    }
}

TEST(Retention, RemovesNothingOfAStandingJobWhileAUserHasSomething) {
    for (unsigned seed = 1; seed <= 500; ++seed) {
        RandomSegments random(seed);
        const std::vector<StoredSegment> segments = random.segments();
        const SpoolLimits limits{.jobs = {{1, {.kept_by_user = true}}}, .bytes = random.below(30'000)};
        const std::vector<Removal> removals = plan_removals(segments, limits, {.now_ns = kNow});
        const bool standing = std::ranges::any_of(removals, [](const Removal& one) { return one.job != 1; });
        std::vector<StoredSegment> of_user = closed_of(segments);
        std::erase_if(of_user, [](const StoredSegment& one) { return one.job != 1; });
        EXPECT_TRUE(!standing || used_after(of_user, removals).total == 0) << seed;
    }
}

}  // namespace
}  // namespace packetsentry::spool
