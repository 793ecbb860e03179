#include "daemon/worker/output_patience.h"

#include <gtest/gtest.h>

namespace packetsentry::worker {
namespace {

using namespace std::chrono_literals;
using Time = OutputPatience::Time;

Time at(std::chrono::milliseconds time) {
    return Time(time);
}

TEST(OutputPatience, LastsAsLongAsTheReaderTakesSomething) {
    OutputPatience patience(at(0s), 100, false);
    for (int second = 1; second <= 60; ++second)
        EXPECT_TRUE(patience.goes_on(at(second * 2s), 100U - static_cast<unsigned>(second), true)) << second;
}

TEST(OutputPatience, EndsWhereNothingIsTakenAnyMore) {
    OutputPatience patience(at(0s), 100, false);
    EXPECT_TRUE(patience.goes_on(at(2s), 99, true));
    EXPECT_TRUE(patience.goes_on(at(4900ms), 99, true));
    EXPECT_FALSE(patience.goes_on(at(5s), 99, true));
}

TEST(OutputPatience, GivesADiskMoreTime) {
    OutputPatience hurried(at(0s), 100, true);
    EXPECT_TRUE(hurried.goes_on(at(2900ms), 100, false));
    EXPECT_FALSE(hurried.goes_on(at(3s), 50, false)) << "whoever waits has waited long enough";
    OutputPatience patience(at(0s), 100, true);
    EXPECT_TRUE(patience.goes_on(at(20s), 100, true));
    EXPECT_TRUE(patience.goes_on(at(29s), 0, true)) << "the last sync may take its time";
    EXPECT_TRUE(patience.goes_on(at(58s), 0, true));
    EXPECT_FALSE(patience.goes_on(at(59s), 0, true));
}

TEST(OutputPatience, LastsAMomentWhereSomebodyElseWaits) {
    OutputPatience patience(at(0s), 100, false);
    EXPECT_TRUE(patience.goes_on(at(400ms), 50, false));
    EXPECT_FALSE(patience.goes_on(at(500ms), 40, false));
}

TEST(OutputPatience, TellsOnce) {
    OutputPatience patience(at(0s), 100, false);
    EXPECT_FALSE(patience.tells(at(999ms)));
    EXPECT_TRUE(patience.tells(at(1s)));
    EXPECT_FALSE(patience.tells(at(2s)));
}

}  // namespace
}  // namespace packetsentry::worker
