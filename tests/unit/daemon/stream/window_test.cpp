#include "daemon/stream/window.h"

#include <gtest/gtest.h>

namespace packetsentry::stream {
namespace {

constexpr std::uint64_t kThree = 3 * (100 + Window::kOverhead);  // three batches of 100 bytes

std::string bytes(std::size_t size) {
    return std::string(size, 'x');
}

TEST(Window, NumbersRowsFromOne) {
    Window window(kThree);
    EXPECT_EQ(window.next_sequence(), 1U);
    EXPECT_EQ(window.first_sequence(), 1U);
    EXPECT_EQ(window.oldest(), nullptr);
    window.append(bytes(100), 10, 1000, 1900);
    window.append(bytes(100), 5, 2000, 2400);
    EXPECT_EQ(window.next_sequence(), 16U);
    EXPECT_EQ(window.kept(), 15U);
    EXPECT_EQ(window.evicted(), 0U);
    EXPECT_EQ(window.bytes(), 2 * (100 + Window::kOverhead));
    EXPECT_EQ(window.oldest()->first_time_ns, 1000);
}

TEST(Window, FindsTheBatchOfARow) {
    Window window(kThree);
    for (int i = 0; i < 3; ++i) window.append(bytes(100), 10, i, i);
    EXPECT_EQ(window.find(0), nullptr);
    EXPECT_EQ(window.find(1)->first_sequence, 1U);
    EXPECT_EQ(window.find(10)->first_sequence, 1U);
    EXPECT_EQ(window.find(11)->first_sequence, 11U);
    EXPECT_EQ(window.find(30)->first_sequence, 21U);
    EXPECT_EQ(window.find(31), nullptr);
}

TEST(Window, OldestGoWhenFullAndAreCounted) {
    Window window(kThree);
    for (int i = 0; i < 4; ++i) window.append(bytes(100), 10, i, i);
    EXPECT_EQ(window.evicted(), 10U);
    EXPECT_EQ(window.kept(), 30U);
    EXPECT_EQ(window.first_sequence(), 11U);
    EXPECT_EQ(window.find(10), nullptr);
    EXPECT_EQ(window.bytes(), kThree);
    window.append(bytes(150), 1, 9, 9);
    EXPECT_EQ(window.evicted(), 30U);
    EXPECT_EQ(window.kept() + window.evicted(), 41U);
    EXPECT_LE(window.bytes(), kThree);
}

TEST(Window, ABatchBeyondTheLimitIsNotKept) {
    Window window(kThree);
    window.append(bytes(100), 10, 1, 1);
    window.append(bytes(kThree), 10, 2, 2);
    EXPECT_EQ(window.kept(), 0U);
    EXPECT_EQ(window.evicted(), 20U);
    EXPECT_EQ(window.bytes(), 0U);
    EXPECT_EQ(window.first_sequence(), window.next_sequence());
    EXPECT_FALSE(window.evict_oldest());
}

TEST(Window, ManyTinyBatchesAreBoundedToo) {
    Window window(kThree);
    for (int i = 0; i < 1000; ++i) window.append("", 1, i, i);
    EXPECT_EQ(window.kept(), kThree / Window::kOverhead);
}

TEST(Window, WhoReadsABatchKeepsIt) {
    Window window(kThree);
    window.append("abc", 1, 1, 1);
    const auto batch = window.oldest()->batch;
    window.clear();
    EXPECT_EQ(*batch, "abc");
    EXPECT_EQ(window.evicted(), 1U);
}

}  // namespace
}  // namespace packetsentry::stream
