#include "daemon/flows/name_pool.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace packetsentry::flows {
namespace {

TEST(NamePool, StoresANameOnce) {
    NamePool pool(10'000, 7);
    const auto first = pool.take("one.example");
    const auto other = pool.take("other.example");
    const std::size_t both = pool.bytes();
    EXPECT_EQ(pool.take("one.example"), first);
    EXPECT_NE(other, first);
    EXPECT_EQ(pool.bytes(), both);
    EXPECT_EQ(pool.text(first), "one.example");
    pool.release(first);
    EXPECT_EQ(pool.text(first), "one.example") << "it was taken twice";
    pool.release(first);
    pool.release(other);
    EXPECT_EQ(pool.bytes(), 0U);
}

TEST(NamePool, TakesNoMoreThanItHasRoomFor) {
    NamePool pool(10 * NamePool::bytes_of(10), 7);
    std::vector<NamePool::Id> taken;
    for (int i = 0; i < 100; ++i) {
        const auto id = pool.take("name-" + std::to_string(10'000 + i));
        EXPECT_EQ(id == NamePool::kNone, i >= 10) << i;
        if (id != NamePool::kNone) taken.push_back(id);
    }
    EXPECT_EQ(pool.bytes(), pool.limit());
    pool.release(taken.back());
    EXPECT_EQ(pool.take("name-12345"), taken.back()) << "what was released makes room";
}

TEST(NamePool, TakesNothingThatIsTooLongForAName) {
    NamePool pool(10'000, 7);
    EXPECT_NE(pool.take(std::string(255, 'a')), NamePool::kNone);
    EXPECT_EQ(pool.take(std::string(256, 'a')), NamePool::kNone);
    EXPECT_EQ(pool.take(""), NamePool::kNone);
}

}  // namespace
}  // namespace packetsentry::flows
