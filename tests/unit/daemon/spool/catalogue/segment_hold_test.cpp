// A segment that is removed while somebody reads it.
#include "daemon/spool/catalogue/segment_hold.h"

#include "tests/unit/daemon/spool/catalogue/spool_in_directory.h"

namespace packetsentry::spool {
namespace {

struct HeldSegment : test::SpoolTest {
    [[nodiscard]] RemovedTotal remove(std::uint64_t counter, RemovedPart part) {
        const Removal removal{.job = 12, .counter = counter, .part = part};
        return spool->remove({&removal, 1});
    }
};

TEST_F(HeldSegment, TakesItsSpaceUntilNobodyReadsIt) {
    const std::uint64_t counter = record();
    auto read = spool->open_to_read(12, counter);
    ASSERT_TRUE(read);
    EXPECT_FALSE(read->hold->removed_at());
    EXPECT_EQ(spool->returning_bytes(), 0U);
    EXPECT_EQ(remove(counter, RemovedPart::packets).bytes, 3000U);
    EXPECT_TRUE(read->hold->removed_at());
    EXPECT_EQ(read->hold->removed_bytes(), 3000U);
    EXPECT_EQ(remove(counter, RemovedPart::whole).bytes, 1000U);
    EXPECT_EQ(spool->returning_bytes(), 4000U);
    const auto since = read->hold->removed_at();
    EXPECT_EQ(read->hold->removed_at(), since) << "it counts from the first removal";
    *read = {};
    EXPECT_EQ(spool->returning_bytes(), 0U);
}

TEST_F(HeldSegment, IsOneForAllWhoReadIt) {
    const std::uint64_t counter = record();
    const std::uint64_t other = record();
    auto first = spool->open_to_read(12, counter);
    auto second = spool->open_to_read(12, counter);
    auto beside = spool->open_to_read(12, other);
    ASSERT_TRUE(first && second && beside);
    EXPECT_EQ(remove(counter, RemovedPart::whole).segments, 1U);
    EXPECT_TRUE(first->hold->removed_at() && second->hold->removed_at());
    EXPECT_FALSE(beside->hold->removed_at());
    EXPECT_EQ(spool->returning_bytes(), 4000U) << "it is there once";
    *first = {};
    EXPECT_EQ(spool->returning_bytes(), 4000U);
    *second = {};
    EXPECT_EQ(spool->returning_bytes(), 0U);
}

TEST_F(HeldSegment, IsAlsoOneThatIsPurged) {
    const std::uint64_t counter = record();
    const auto read = spool->open_to_read(12, counter);
    ASSERT_TRUE(read);
    ASSERT_TRUE(spool->purge({.job = 12, .before_ns = test::kStart + test::kDay}));
    EXPECT_TRUE(read->hold->removed_at());
    EXPECT_EQ(spool->returning_bytes(), 4000U);
}

TEST_F(HeldSegment, IsNoneThatWasRemovedBefore) {
    const std::uint64_t counter = record();
    EXPECT_EQ(remove(counter, RemovedPart::whole).segments, 1U);
    EXPECT_EQ(spool->returning_bytes(), 0U) << "nobody read it";
    EXPECT_FALSE(spool->open_to_read(12, counter));
    EXPECT_EQ(spool->returning_bytes(), 0U);
}

}  // namespace
}  // namespace packetsentry::spool
