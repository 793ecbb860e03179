#include "daemon/worker/longest_pause.h"

#include <gtest/gtest.h>

namespace packetsentry::worker {
namespace {

using namespace std::chrono_literals;

LongestPause::Time pause_time(std::chrono::milliseconds time) {
    return LongestPause::Time(time);
}

TEST(LongestPause, IsTheLongestTimeBetweenTwoReads) {
    LongestPause pause(pause_time(0ms));
    pause.ends(pause_time(3ms));
    pause.ends(pause_time(10ms));
    pause.ends(pause_time(11ms));
    EXPECT_EQ(pause.take(), 7ms);
    pause.ends(pause_time(13ms));
    EXPECT_EQ(pause.take(), 2ms) << "it is told once";
}

TEST(LongestPause, IsNotTheTimeInWhichPacketsWereWaitedFor) {
    LongestPause pause(pause_time(0ms));
    pause.ends(pause_time(1ms));
    pause.begins(pause_time(500ms));
    pause.ends(pause_time(502ms));
    EXPECT_EQ(pause.take(), 2ms);
}

}  // namespace
}  // namespace packetsentry::worker
