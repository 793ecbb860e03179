#include "daemon/stream/window_cursor.h"

#include <gtest/gtest.h>

namespace packetsentry::stream {
namespace {

constexpr std::uint64_t kThreeEmpty = 3 * Window::kOverhead;  // three empty batches

// Batch n has ten rows, at n * 1000 to n * 1000 + 900.
void add(Windows& windows, int from, int to) {
    for (int n = from; n <= to; ++n) windows.append(wire::TABLE_PACKETS, 1, "", 10, n * 1000, n * 1000 + 900);
}

std::uint64_t rows_from(const std::variant<Nothing, Sealed, Gap>& taken) {
    return std::holds_alternative<Sealed>(taken) ? std::get<Sealed>(taken).first_sequence : 0;
}

TEST(Cursor, TakesBatchAfterBatch) {
    Windows windows(kThreeEmpty);
    const Window& window = windows.of(wire::TABLE_PACKETS);
    Cursor cursor(window, 1);
    EXPECT_TRUE(std::holds_alternative<Nothing>(cursor.take(window)));
    add(windows, 1, 2);
    EXPECT_EQ(rows_from(cursor.take(window)), 1U);
    EXPECT_EQ(rows_from(cursor.take(window)), 11U);
    EXPECT_TRUE(std::holds_alternative<Nothing>(cursor.take(window)));
    EXPECT_EQ(cursor.next_sequence(), 21U);
}

TEST(Cursor, ZeroIsOnlyNewRows) {
    Windows windows(kThreeEmpty);
    const Window& window = windows.of(wire::TABLE_PACKETS);
    add(windows, 1, 2);
    Cursor cursor(window, 0);
    EXPECT_TRUE(std::holds_alternative<Nothing>(cursor.take(window)));
    add(windows, 3, 3);
    EXPECT_EQ(rows_from(cursor.take(window)), 21U);
}

TEST(Cursor, BeginsWithTheBatchThatHoldsTheRow) {
    Windows windows(kThreeEmpty);
    const Window& window = windows.of(wire::TABLE_PACKETS);
    add(windows, 1, 3);
    Cursor cursor(window, 15);
    EXPECT_EQ(rows_from(cursor.take(window)), 11U);
}

TEST(Cursor, LateComerIsToldWhatIsGone) {
    Windows windows(kThreeEmpty);
    const Window& window = windows.of(wire::TABLE_PACKETS);
    add(windows, 1, 5);
    Cursor cursor(window, 1);
    EXPECT_EQ(std::get<Gap>(cursor.take(window)), (Gap{1, 20, 0, 3000}));
    EXPECT_EQ(rows_from(cursor.take(window)), 21U);
}

TEST(Cursor, SlowReaderFindsAGapBetweenTheRowsItSaw) {
    Windows windows(kThreeEmpty);
    const Window& window = windows.of(wire::TABLE_PACKETS);
    Cursor cursor(window, 1);
    add(windows, 1, 1);
    EXPECT_EQ(rows_from(cursor.take(window)), 1U);
    add(windows, 2, 6);
    EXPECT_EQ(std::get<Gap>(cursor.take(window)), (Gap{11, 30, 1900, 4000}));
    EXPECT_EQ(rows_from(cursor.take(window)), 31U);
}

TEST(Cursor, GapWithNothingAfterIt) {
    Windows windows(kThreeEmpty);
    const Window& window = windows.of(wire::TABLE_PACKETS);
    add(windows, 1, 2);
    Cursor cursor(window, 1);
    EXPECT_EQ(rows_from(cursor.take(window)), 1U);
    windows.clear();
    EXPECT_EQ(std::get<Gap>(cursor.take(window)), (Gap{11, 20, 1900, 0}));
    EXPECT_TRUE(std::holds_alternative<Nothing>(cursor.take(window)));
}

TEST(Cursor, GivesNothingBeforeTheFirstThatIsForIt) {
    Windows windows(kThreeEmpty);
    const Window& window = windows.of(wire::TABLE_PACKETS);
    add(windows, 1, 3);
    Cursor cursor(window, 15);
    EXPECT_EQ(std::get<Gap>(cursor.take(window, 21)), (Gap{15, 20, 0, 3000}));
    EXPECT_EQ(rows_from(cursor.take(window, 21)), 21U);
    add(windows, 4, 4);
    EXPECT_EQ(std::get<Gap>(cursor.take(window, 41)), (Gap{31, 40, 3900, 0}));
    EXPECT_TRUE(std::holds_alternative<Nothing>(cursor.take(window, 41)));
    add(windows, 5, 5);
    EXPECT_EQ(rows_from(cursor.take(window, 41)), 41U);
}

TEST(Cursor, FarAheadWaits) {
    Windows windows(kThreeEmpty);
    const Window& window = windows.of(wire::TABLE_PACKETS);
    Cursor cursor(window, ~0ULL);
    add(windows, 1, 9);
    EXPECT_TRUE(std::holds_alternative<Nothing>(cursor.take(window)));
}

// Whatever the pace, every row is given once or told as gone once, in order.
TEST(Cursor, EveryRowIsAccountedFor) {
    for (int pace = 1; pace <= 7; ++pace) {
        Windows windows(kThreeEmpty);
        const Window& window = windows.of(wire::TABLE_PACKETS);
        Cursor cursor(window, 1);
        std::uint64_t expected = 1;
        for (int n = 1; n <= 50; ++n) {
            add(windows, n, n);
            if (n % pace != 0) continue;
            const auto taken = cursor.take(window);
            if (const auto* gap = std::get_if<Gap>(&taken)) {
                EXPECT_EQ(gap->first, expected);
                expected = gap->last + 1;
            } else if (const auto* rows = std::get_if<Sealed>(&taken)) {
                EXPECT_EQ(rows->first_sequence, expected);
                expected = rows->end_sequence();
            }
            EXPECT_EQ(cursor.next_sequence(), expected);
        }
    }
}

}  // namespace
}  // namespace packetsentry::stream
