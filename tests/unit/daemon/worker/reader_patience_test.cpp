#include "daemon/worker/reader_patience.h"

#include <gtest/gtest.h>

namespace packetsentry::worker {
namespace {

using namespace std::chrono_literals;
using Time = ReaderPatience::Time;

Time at(std::chrono::milliseconds time) {
    return Time(time);
}

TEST(ReaderPatience, LastsAsLongAsTheReaderTakesSomething) {
    ReaderPatience patience(at(0s), 100);
    for (int second = 1; second <= 60; ++second)
        EXPECT_TRUE(patience.goes_on(at(second * 2s), 100U - static_cast<unsigned>(second), true)) << second;
}

TEST(ReaderPatience, EndsWhereNothingIsTakenAnyMore) {
    ReaderPatience patience(at(0s), 100);
    EXPECT_TRUE(patience.goes_on(at(2s), 99, true));
    EXPECT_TRUE(patience.goes_on(at(4900ms), 99, true));
    EXPECT_FALSE(patience.goes_on(at(5s), 99, true));
}

TEST(ReaderPatience, EndsWhereNothingIsLeft) {
    ReaderPatience patience(at(0s), 100);
    EXPECT_FALSE(patience.goes_on(at(1ms), 0, true));
    ReaderPatience nothing(at(0s), 0);
    EXPECT_FALSE(nothing.goes_on(at(0s), 0, true));
}

TEST(ReaderPatience, LastsAMomentWhereSomebodyElseWaits) {
    ReaderPatience patience(at(0s), 100);
    EXPECT_TRUE(patience.goes_on(at(400ms), 50, false));
    EXPECT_FALSE(patience.goes_on(at(500ms), 40, false));
}

TEST(ReaderPatience, TellsOnce) {
    ReaderPatience patience(at(0s), 100);
    EXPECT_FALSE(patience.tells(at(999ms)));
    EXPECT_TRUE(patience.tells(at(1s)));
    EXPECT_FALSE(patience.tells(at(2s)));
}

}  // namespace
}  // namespace packetsentry::worker
