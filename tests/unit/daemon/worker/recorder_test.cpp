#include "daemon/worker/recorder.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/worker/recorder_fixture.h"

namespace packetsentry::worker {
namespace {

struct RecorderTest : RecorderFixture {};

TEST_F(RecorderTest, SendsWhatItIsGivenInBatches) {
    Recorder recorder(CaptureMode::live, source, nullptr, *link);
    for (int i = 0; i < 10; ++i) give(recorder, i);
    ASSERT_TRUE(recorder.cut_due());
    ASSERT_TRUE(recorder.cut());
    EXPECT_FALSE(recorder.cut_due());
    EXPECT_EQ(rows_received(), 10U);
    EXPECT_EQ(recorder.ledger().recorded(), 10U);
    EXPECT_EQ(recorder.ledger().bytes(), 600U);
    EXPECT_EQ(recorder.ledger().malformed(), 10U);  // zeros are no Ethernet payload
    expect_balanced(recorder);
}

TEST_F(RecorderTest, StopsAtThePacketLimit) {
    Recorder recorder(CaptureMode::live, source, nullptr, *link);
    recorder.stop_at({.packets = 3});
    for (int i = 0; i < 3; ++i) {
        EXPECT_FALSE(recorder.limit_reached());
        EXPECT_TRUE(more);
        give(recorder, i);
    }
    EXPECT_TRUE(recorder.limit_reached());
    EXPECT_FALSE(more);
}

}  // namespace
}  // namespace packetsentry::worker
