#include "daemon/jobs/losses.h"

#include <gtest/gtest.h>

namespace packetsentry::jobs {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

wire::Loss loss(wire::Loss::Cause cause, std::int64_t from_s, std::int64_t to_s, std::uint64_t packets) {
    wire::Loss one;
    one.set_cause(cause);
    one.set_from_ns(from_s * kSecond);
    one.set_to_ns(to_s * kSecond);
    one.set_packets(packets);
    return one;
}

TEST(Losses, OneFloodIsOneLossWhateverComesBetween) {
    Losses losses;
    losses.add(loss(wire::Loss::RING_FULL, 1, 2, 5));
    losses.add(loss(wire::Loss::READER_BEHIND, 2, 3, 1));
    losses.add(loss(wire::Loss::RING_FULL, 3, 4, 6));
    losses.add(loss(wire::Loss::RING_FULL, 9, 10, 7));
    ASSERT_EQ(losses.kept().size(), 3U);
    EXPECT_EQ(losses.kept()[0].packets(), 11U);
    EXPECT_EQ(losses.kept()[0].to_ns(), 4 * kSecond);
    EXPECT_EQ(losses.kept()[2].packets(), 7U);
}

TEST(Losses, KeepsTheLatestAndCountsAll) {
    Losses losses;
    for (int i = 0; i < 100; ++i) losses.add(loss(wire::Loss::RING_FULL, 10 * i, 10 * i + 1, 1));
    EXPECT_EQ(losses.kept().size(), Losses::kKept);
    EXPECT_EQ(losses.count(), 100U);
    EXPECT_EQ(losses.kept().back().from_ns(), 990 * kSecond);
}

TEST(Losses, OneOfACauseIsOpenAtATime) {
    Losses losses;
    losses.open(wire::Loss::WORKER_DIED, kSecond);
    losses.open(wire::Loss::WORKER_DIED, 2 * kSecond);
    losses.close(wire::Loss::INTERFACE_GONE, 3 * kSecond, 9);
    ASSERT_EQ(losses.count(), 1U);
    EXPECT_EQ(losses.kept()[0].to_ns(), 0);
    losses.close(wire::Loss::WORKER_DIED, 4 * kSecond, 9);
    EXPECT_EQ(losses.kept()[0].from_ns(), kSecond);
    EXPECT_EQ(losses.kept()[0].packets(), 9U);
    EXPECT_TRUE(losses.kept()[0].at_most());
}

TEST(Losses, AnEndClosesWhatNobodyCounted) {
    Losses losses;
    losses.open(wire::Loss::DAEMON_AWAY, kSecond);
    losses.open(wire::Loss::INTERFACE_DOWN, kSecond);
    losses.close_all(5 * kSecond);
    EXPECT_TRUE(losses.kept()[0].uncounted());
    EXPECT_FALSE(losses.kept()[1].uncounted()) << "nothing can have passed";
    EXPECT_EQ(losses.kept()[1].to_ns(), 5 * kSecond);
}

}  // namespace
}  // namespace packetsentry::jobs
