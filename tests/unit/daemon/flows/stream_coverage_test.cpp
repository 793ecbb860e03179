#include "daemon/flows/stream_coverage.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace packetsentry::flows {
namespace {

using Seen = StreamCoverage::Seen;

TEST(StreamCoverage, GoesOnWhereItEnded) {
    StreamCoverage stream;
    EXPECT_EQ(stream.add(1, 100), Seen::next);
    EXPECT_EQ(stream.add(101, 100), Seen::next);
    EXPECT_EQ(stream.whole(), 201U);
    EXPECT_EQ(stream.end(), 201U);
    EXPECT_EQ(stream.add(1, 200), Seen::before);
    EXPECT_EQ(stream.add(150, 60), Seen::next) << "its end is new";
    EXPECT_EQ(stream.whole(), 210U);
}

TEST(StreamCoverage, FillsAHole) {
    StreamCoverage stream;
    EXPECT_EQ(stream.add(101, 100), Seen::next);
    EXPECT_EQ(stream.whole(), 1U);
    EXPECT_EQ(stream.end(), 201U);
    EXPECT_EQ(stream.add(120, 30), Seen::before);
    EXPECT_EQ(stream.add(51, 50), Seen::filled);
    EXPECT_EQ(stream.add(1, 50), Seen::filled);
    EXPECT_EQ(stream.whole(), 201U);
}

TEST(StreamCoverage, CountsWhatIsGivenUp) {
    StreamCoverage stream;
    (void)stream.add(1, 10);
    (void)stream.add(21, 10);
    (void)stream.add(41, 10);
    const auto missing = stream.give_up(46);
    EXPECT_EQ(missing.bytes, 20U);
    EXPECT_EQ(missing.holes, 2U);
    EXPECT_EQ(stream.whole(), 51U);
    EXPECT_EQ(stream.give_up(60).bytes, 9U);
    EXPECT_EQ(stream.add(52, 5), Seen::before);
}

TEST(StreamCoverage, HasFewIslands) {
    StreamCoverage stream;
    for (std::uint64_t i = 1; i <= 6; ++i) (void)stream.add(100 * i, 10);
    EXPECT_TRUE(stream.merged());
    // It may miss less than there is, and never more.
    EXPECT_LE(stream.give_up(611).bytes, 99U + 5 * 90 + 1);
    EXPECT_EQ(stream.whole(), 611U);
}

TEST(StreamCoverage, TakesNothingFromFarAway) {
    StreamCoverage stream;
    EXPECT_EQ(stream.add(1ULL << 31, 10), Seen::before);
    EXPECT_EQ(stream.end(), 1U);
}

// Whatever comes, what is whole is what a list of all bytes says, as long as the islands suffice.
TEST(StreamCoverage, AgreesWithAListOfAllBytes) {
    std::mt19937 random(4);
    for (int round = 0; round < 300; ++round) {
        StreamCoverage stream;
        std::set<std::uint64_t> bytes;
        for (int step = 0; step < 60 && !stream.merged(); ++step) {
            const std::uint64_t begin = 1 + random() % 120;
            const auto count = static_cast<std::uint32_t>(1 + random() % 20);
            for (std::uint64_t i = begin; i < begin + count; ++i) bytes.insert(i);
            (void)stream.add(begin, count);
            if (stream.merged()) break;
            std::uint64_t whole = 1;
            while (bytes.contains(whole)) ++whole;
            ASSERT_EQ(stream.whole(), whole);
            ASSERT_EQ(stream.end(), *bytes.rbegin() + 1);
        }
    }
}

}  // namespace
}  // namespace packetsentry::flows
