#include "daemon/stream/window.h"

#include <gtest/gtest.h>

namespace packetsentry::stream {
namespace {

constexpr wire::Table kTable = wire::TABLE_PACKETS;
constexpr std::uint64_t kThree = 3 * (100 + Window::kOverhead);  // three batches of 100 bytes

std::string bytes(std::size_t size) {
    return std::string(size, 'x');
}

TEST(Window, NumbersRowsFromOne) {
    Windows windows(kThree);
    const Window& window = windows.of(kTable);
    EXPECT_EQ(window.next_sequence(), 1U);
    EXPECT_EQ(window.first_sequence(), 1U);
    EXPECT_EQ(window.oldest(), nullptr);
    windows.append(kTable, 1, bytes(100), 10, 1000, 1900);
    windows.append(kTable, 1, bytes(100), 5, 2000, 2400);
    EXPECT_EQ(window.next_sequence(), 16U);
    EXPECT_EQ(window.kept(), 15U);
    EXPECT_EQ(window.evicted(), 0U);
    EXPECT_EQ(windows.bytes(), 2 * (100 + Window::kOverhead));
    EXPECT_EQ(window.oldest()->first_time_ns, 1000);
}

TEST(Window, FindsTheBatchOfARow) {
    Windows windows(kThree);
    const Window& window = windows.of(kTable);
    for (int i = 0; i < 3; ++i) windows.append(kTable, 1, bytes(100), 10, i, i);
    EXPECT_EQ(window.find(0), nullptr);
    EXPECT_EQ(window.find(1)->first_sequence, 1U);
    EXPECT_EQ(window.find(10)->first_sequence, 1U);
    EXPECT_EQ(window.find(11)->first_sequence, 11U);
    EXPECT_EQ(window.find(30)->first_sequence, 21U);
    EXPECT_EQ(window.find(31), nullptr);
}

TEST(Window, OldestGoWhenFullAndAreCounted) {
    Windows windows(kThree);
    const Window& window = windows.of(kTable);
    for (int i = 0; i < 4; ++i) windows.append(kTable, 1, bytes(100), 10, i, i);
    EXPECT_EQ(window.evicted(), 10U);
    EXPECT_EQ(window.kept(), 30U);
    EXPECT_EQ(window.first_sequence(), 11U);
    EXPECT_EQ(window.find(10), nullptr);
    EXPECT_EQ(windows.bytes(), kThree);
    windows.append(kTable, 1, bytes(150), 1, 9, 9);
    EXPECT_EQ(window.evicted(), 30U);
    EXPECT_EQ(window.kept() + window.evicted(), 41U);
    EXPECT_LE(windows.bytes(), kThree);
}

TEST(Window, ABatchBeyondTheLimitIsNotKept) {
    Windows windows(kThree);
    const Window& window = windows.of(kTable);
    windows.append(kTable, 1, bytes(100), 10, 1, 1);
    windows.append(kTable, 1, bytes(kThree), 10, 2, 2);
    EXPECT_EQ(window.kept(), 0U);
    EXPECT_EQ(window.evicted(), 20U);
    EXPECT_EQ(windows.bytes(), 0U);
    EXPECT_EQ(window.first_sequence(), window.next_sequence());
    EXPECT_FALSE(windows.evict_oldest());
}

TEST(Window, ManyTinyBatchesAreBoundedToo) {
    Windows windows(kThree);
    const Window& window = windows.of(kTable);
    for (int i = 0; i < 1000; ++i) windows.append(kTable, 1, "", 1, i, i);
    EXPECT_EQ(window.kept(), kThree / Window::kOverhead);
}

TEST(Window, RowsKnowTheRunThatMadeThem) {
    Windows windows(kThree);
    windows.append(kTable, 1, "", 10, 1, 1);
    windows.append(kTable, 2, "", 10, 2, 2);
    EXPECT_EQ(windows.of(kTable).find(10)->run, 1U);
    EXPECT_EQ(windows.of(kTable).find(11)->run, 2U);
}

TEST(Window, GoesOnBehindTheRowsOfBefore) {
    Windows windows(kThree);
    windows.begin_after(kTable, 40);
    EXPECT_EQ(windows.of(kTable).evicted(), 40U);
    windows.append(kTable, 3, "", 10, 1, 1);
    EXPECT_EQ(windows.of(kTable).oldest()->first_sequence, 41U);
    EXPECT_EQ(windows.of(kTable).rows(), 50U);
}

// There is one table so far; the budget is meant for more, so another index stands in for the next one.
TEST(Window, TablesShareOneBudgetAndTheOldestBatchOfAllGoesFirst) {
    constexpr auto kOther = static_cast<wire::Table>(0);
    Windows windows(kThree);
    windows.append(kTable, 1, bytes(100), 10, 1, 1);
    windows.append(kOther, 1, bytes(100), 20, 2, 2);
    windows.append(kTable, 1, bytes(100), 30, 3, 3);
    EXPECT_EQ(windows.bytes(), kThree);
    windows.append(kOther, 1, bytes(100), 40, 4, 4);
    EXPECT_EQ(windows.of(kTable).evicted(), 10U);
    EXPECT_EQ(windows.of(kOther).evicted(), 0U);
    windows.append(kTable, 1, bytes(100), 50, 5, 5);
    EXPECT_EQ(windows.of(kOther).evicted(), 20U);
    EXPECT_EQ(windows.of(kOther).find(21)->first_sequence, 21U) << "each table has a sequence of its own";
    EXPECT_EQ(windows.bytes(), kThree);
}

TEST(Window, WhoReadsABatchKeepsIt) {
    Windows windows(kThree);
    const Window& window = windows.of(kTable);
    windows.append(kTable, 1, "abc", 1, 1, 1);
    const auto batch = window.oldest()->batch;
    windows.clear();
    EXPECT_EQ(*batch, "abc");
    EXPECT_EQ(window.evicted(), 1U);
}

}  // namespace
}  // namespace packetsentry::stream
