#include "daemon/worker/row_batches.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/worker/recorder_fixture.h"

namespace packetsentry::worker {
namespace {

struct RowBatchesTest : RecorderFixture {};

TEST_F(RowBatchesTest, CutsFewPacketsAtOnce) {
    Recorder recorder(CaptureMode::live, source, nullptr, *link);
    EXPECT_FALSE(recorder.cuts_at_once()) << "nothing is there";
    give(recorder, 0);
    EXPECT_TRUE(recorder.cuts_at_once());
    for (int i = 1; i < 65; ++i) give(recorder, i);
    EXPECT_FALSE(recorder.cuts_at_once()) << "more come at once than a batch of their own would be worth";
    Recorder reader_of_a_file(CaptureMode::file, source, nullptr, *link);
    give(reader_of_a_file, 0);
    EXPECT_FALSE(reader_of_a_file.cuts_at_once());
}

TEST_F(RowBatchesTest, CutsFewPacketsOnlySoOften) {
    Recorder recorder(CaptureMode::live, source, nullptr, *link);
    int cuts = 0;
    for (int i = 0; i < 1000; ++i) {
        give(recorder, i);
        if (!recorder.cuts_at_once()) continue;
        ++cuts;
        ASSERT_TRUE(recorder.cut());
        (void)batches_received();
    }
    EXPECT_GE(cuts, 10);
    EXPECT_LT(cuts, 200);  // in a moment
    EXPECT_TRUE(recorder.cut_due()) << "the others wait for their time";
}

TEST_F(RowBatchesTest, ShedsAndCountsWhenTheLinkIsFull) {
    Recorder recorder(CaptureMode::live, source, nullptr, *link);
    int given = 0;
    while (recorder.ledger().shed() == 0 && given < 3'000'000) give(recorder, ++given);
    ASSERT_GT(recorder.ledger().shed(), 0U);
    ASSERT_TRUE(recorder.cut());
    expect_balanced(recorder);
    EXPECT_EQ(recorder.ledger().delivered(), static_cast<std::uint64_t>(given));

    std::uint64_t received = 0;  // numbered without a hole up to what was shed
    while (link->waits_to_send()) {
        received += rows_received();
        ASSERT_TRUE(link->flush());
    }
    received += rows_received();
    EXPECT_EQ(received, recorder.ledger().recorded());

    give(recorder, ++given);
    ASSERT_TRUE(recorder.cut());
    const auto after = batches_received();
    ASSERT_EQ(after.size(), 1U);
    EXPECT_EQ(after[0].first_number(), recorder.ledger().recorded() + recorder.ledger().shed())
        << "what was shed keeps its numbers";
}

}  // namespace
}  // namespace packetsentry::worker
