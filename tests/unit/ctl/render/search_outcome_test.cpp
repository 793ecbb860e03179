#include "ctl/render/search_outcome.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <limits>

namespace packetsentry::ctl::render {
namespace {

using ToldLines = std::vector<std::string>;

constexpr std::int64_t kOneSecond = 1'000'000'000;
constexpr std::int64_t kThree = 1'747'278'000 * kOneSecond;  // 2025-05-15 03:00:00 UTC
constexpr std::int64_t kFour = kThree + 3600 * kOneSecond;

class SearchOutcomeTest : public testing::Test {
  protected:
    void SetUp() override {
        ::setenv("TZ", "UTC", 1);
        ::tzset();
        outcome_.question.set_since_ns(std::numeric_limits<std::int64_t>::min());
        outcome_.question.set_until_ns(std::numeric_limits<std::int64_t>::max());
        outcome_.complete = true;
        outcome_.counts.emplace();
    }
    void TearDown() override {
        ::unsetenv("TZ");
        ::tzset();
    }
    wire::KeptJobName& add_job(std::uint64_t id, const std::string& name, std::uint64_t found,
                               std::int64_t since_ns = 0) {
        wire::KeptJobName& job = *outcome_.scope.add_job();
        job.set_id(id);
        job.set_name(name);
        job.set_rows_since_ns(since_ns);
        outcome_.found[id] = found;
        return job;
    }
    [[nodiscard]] std::string last_line() const { return outcome_lines(outcome_).back(); }

    SearchOutcome outcome_;
};

TEST_F(SearchOutcomeTest, TellsWhatIsNearApart) {
    add_job(12, "night", 1);
    outcome_.question.set_context_ns(5'000'000'000);
    outcome_.context = 3;
    EXPECT_EQ(last_line(), "1 packet was found in job night, and 3 packets near it");
    outcome_.found[12] = 2;
    outcome_.context = 1;
    EXPECT_EQ(last_line(), "2 packets were found in job night, and 1 packet near them");
    outcome_.counts->set_rows_context(1);
    EXPECT_NE(search_facts(outcome_).find("1 further rows are near these"), std::string::npos);
}

TEST_F(SearchOutcomeTest, TellsOfTheTableThatWasAsked) {
    add_job(12, "night", 0);
    outcome_.question.set_table(wire::TABLE_FLOWS);
    EXPECT_EQ(last_line(), "no flow was found in job night");
    outcome_.found[12] = 2;
    outcome_.context = 1;
    outcome_.not_shown = 1;
    EXPECT_EQ(outcome_lines(outcome_),
              (ToldLines{"1 flow was not shown, because the terminal accepted no more",
                         "2 flows were found in job night, and 1 flow near them"}));
}

TEST_F(SearchOutcomeTest, TellsWhatWasFoundAndSinceWhenItIsKept) {
    add_job(12, "night", 0, kThree);
    EXPECT_EQ(outcome_lines(outcome_),
              ToldLines{"no packet was found in job night (kept since 2025-05-15 03:00:00)"});
    outcome_.found[12] = 1;
    EXPECT_EQ(last_line(), "1 packet was found in job night (kept since 2025-05-15 03:00:00)");
    add_job(14, "", 7);
    EXPECT_EQ(last_line(),
              "8 packets were found: 7 in job 14, 1 in job night (kept since 2025-05-15 03:00:00)");
    add_job(15, "night", 0);
    EXPECT_EQ(
        last_line(),
        "8 packets were found: 7 in job 14, 1 in job 12 (night) (kept since 2025-05-15 03:00:00), 0 in job "
        "15 (night)");
    outcome_.found.clear();
    EXPECT_EQ(last_line(),
              "no packet was found in 3 jobs: 12 (night) (kept since 2025-05-15 03:00:00), 14, 15 (night)");
}

TEST_F(SearchOutcomeTest, ManyJobsAreNotAllNamed) {
    for (std::uint64_t id = 1; id <= 11; ++id) add_job(id, "", id == 11 ? 5 : 0);
    EXPECT_TRUE(last_line().starts_with("5 packets were found: 5 in job 11, 0 in job 1, ")) << last_line();
    EXPECT_TRUE(last_line().ends_with(", 0 in job 7 and 3 more jobs")) << last_line();
}

TEST_F(SearchOutcomeTest, NothingThatIsKeptIsNotNothingFound) {
    EXPECT_EQ(last_line(), "no packet was found, because nothing that you may search is kept of that time");
}

TEST_F(SearchOutcomeTest, ALimitThatWasReachedIsTold) {
    add_job(12, "night", 5);
    outcome_.question.set_count(6);
    EXPECT_EQ(last_line(), "5 packets were found in job night");
    outcome_.question.set_count(5);
    EXPECT_EQ(last_line(),
              "5 packets were found in job night; there may be more, because -c limits their number");
    outcome_.question.set_last(5);
    EXPECT_EQ(last_line(),
              "5 packets were found in job night; there may be more, because --last limits their number");
}

TEST_F(SearchOutcomeTest, AnAnswerThatEndedEarlyIsNotComplete) {
    add_job(12, "night", 5);
    outcome_.complete = false;
    EXPECT_EQ(last_line(),
              "5 packets were found so far in job night; the answer is not complete, because the search "
              "ended early");
    outcome_.counts.reset();
    outcome_.output_name = "found.pcapng";
    EXPECT_EQ(
        outcome_lines(outcome_),
        (ToldLines{
            "the packets that had been found until then were saved to found.pcapng, perhaps not all of "
            "them",
            "5 packets were found so far in job night (without the packets themselves); the answer is not "
            "complete, because the search ended early"}));
}

TEST_F(SearchOutcomeTest, WhatIsNoLongerKeptAndWhatIsWithheldAreToldApart) {
    add_job(12, "night", 0);
    wire::RemovedTime& removed = *outcome_.scope.add_removed();
    removed.set_job(12);
    removed.set_from_ns(kThree);
    removed.set_to_ns(kFour);
    *outcome_.scope.add_removed() = removed;
    outcome_.scope.mutable_removed(1)->set_packets_alone(true);
    outcome_.scope.set_withheld(3);
    const std::string rows =
        "what job night recorded from 2025-05-15 03:00:00 to 2025-05-15 04:00:00 is no longer kept";
    const std::string withheld =
        "3 segments of the spool were not searched, because you may not see what was recorded for other "
        "users, "
        "or under looser terms than yours";
    EXPECT_EQ(outcome_lines(outcome_), (ToldLines{rows, withheld, "no packet was found in job night"}));
    // Packets alone concern those who asked for packets.
    outcome_.output_name = "found.pcapng";
    outcome_.scope.mutable_job(0)->set_packets_since_ns(kFour);
    const ToldLines lines = outcome_lines(outcome_);
    ASSERT_EQ(lines.size(), 5U);
    EXPECT_EQ(lines[1],
              "the packets that job night recorded from 2025-05-15 03:00:00 to 2025-05-15 04:00:00 are "
              "no longer kept, only their rows");
    EXPECT_EQ(lines[4],
              "no packet was found in job night (the packets themselves since 2025-05-15 04:00:00)");
}

TEST_F(SearchOutcomeTest, ManyTimesAreNotAllTold) {
    for (int i = 0; i < 10; ++i) outcome_.scope.add_removed()->set_to_ns(kThree);
    const ToldLines lines = outcome_lines(outcome_);
    ASSERT_EQ(lines.size(), 10U);
    EXPECT_EQ(lines[7], "what job 0 recorded up to 2025-05-15 03:00:00 is no longer kept");
    EXPECT_EQ(lines[8], "there are 2 more times of which something is no longer kept");
}

TEST_F(SearchOutcomeTest, PacketsThatAreNotInTheFileAreCounted) {
    add_job(12, "night", 9);
    outcome_.output_name = "found.pcapng";
    outcome_.counts->set_packets_saved(6);
    outcome_.counts->set_packets_not_stored(2);
    outcome_.counts->set_packets_unreadable(1);
    EXPECT_EQ(
        outcome_lines(outcome_).front(),
        "6 packets were saved to found.pcapng; 2 packets were not saved, because only the rows are kept; "
        "1 packet was not saved, because the spool is damaged there");
}

TEST_F(SearchOutcomeTest, BytesAndRowsThatAreNotShownAreCounted) {
    add_job(12, "night", 9);
    outcome_.without_bytes = 1;
    outcome_.not_shown = 4;
    EXPECT_EQ(outcome_lines(outcome_),
              (ToldLines{"the bytes of 1 packet did not come with the answer, so they are not shown",
                         "4 packets were not shown, because the terminal accepted no more",
                         "9 packets were found in job night"}));
}

TEST_F(SearchOutcomeTest, WhatCannotBeReadIsToldWithItsPlace) {
    add_job(12, "night", 0);
    wire::SearchNote note;
    note.set_job(12);
    note.set_segment(41);
    note.set_first_number(101);
    note.set_rows(40);
    note.set_from_ns(kThree);
    note.set_to_ns(kFour);
    note.set_text("its checksum is wrong");
    outcome_.notes = {note, wire::SearchNote()};
    EXPECT_EQ(
        unreadable_lines(outcome_),
        (ToldLines{
            "cannot read 40 rows from number 101 on (from 2025-05-15 03:00:00 to 2025-05-15 04:00:00) of "
            "job night, segment 41: its checksum is wrong",
            "cannot read a part of the spool"}));
    outcome_.more_notes = 1;
    EXPECT_EQ(unreadable_lines(outcome_).back(), "cannot read 1 further part of the spool");
    outcome_.counts->set_unreadable(9);
    EXPECT_EQ(unreadable_lines(outcome_).back(), "cannot read 7 further parts of the spool");
}

TEST_F(SearchOutcomeTest, FactsTellWhatWasLookedAt) {
    outcome_.question.set_since_ns(kThree);
    outcome_.question.set_until_ns(kFour);
    outcome_.scope.set_segments(12);
    outcome_.scope.set_bytes(3 << 20);
    outcome_.counts->set_segments(12);
    outcome_.counts->set_index_used(10);
    outcome_.counts->set_blocks(340);
    outcome_.counts->set_blocks_read(21);
    outcome_.counts->set_rows_read(86016);
    outcome_.counts->set_rows_found(12);
    outcome_.seconds = 0.0341;
    outcome_.first_seconds = 0.012;
    EXPECT_EQ(search_facts(outcome_),
              "Asked for:  from 2025-05-15 03:00:00 to 2025-05-15 04:00:00, the oldest first\n"
              "Kept:       12 segments with 3.0 MiB of rows\n"
              "Segments:   12, of which 10 were asked by their index\n"
              "Blocks:     340, of which 21 were read\n"
              "Rows:       86016 were read, and 12 match the question\n"
              "Duration:   0.034 s\n"
              "First row:  after 0.012 s\n");
    outcome_.counts.reset();
    outcome_.first_seconds.reset();
    outcome_.question.set_until_ns(std::numeric_limits<std::int64_t>::max());
    outcome_.question.set_last(20);
    EXPECT_EQ(search_facts(outcome_),
              "Asked for:  from 2025-05-15 03:00:00 on, the newest 20, the oldest of them first\n"
              "Kept:       12 segments with 3.0 MiB of rows\n"
              "Duration:   0.034 s\n");
}

}  // namespace
}  // namespace packetsentry::ctl::render
