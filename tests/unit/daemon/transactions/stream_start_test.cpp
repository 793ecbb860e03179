#include "daemon/transactions/stream_start.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace packetsentry::transactions {
namespace {

constexpr std::size_t kStreamBytes = StreamStart::kBytes;

struct StreamStartTest : testing::Test {
    void add(std::uint32_t sequence, std::string_view text) {
        stream->add(sequence, std::as_bytes(std::span(text)));
    }
    [[nodiscard]] std::string whole() const {
        const auto bytes = stream->whole();
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }

    std::unique_ptr<StreamStart> stream = std::make_unique<StreamStart>();  // a large one
};

TEST_F(StreamStartTest, IsEmptyAtFirst) {
    stream->begin(1000);
    EXPECT_EQ(whole(), "");
    EXPECT_FALSE(stream->full());
    add(1000, "");
    EXPECT_EQ(whole(), "");
}

TEST_F(StreamStartTest, PutsSegmentsOneBehindTheOther) {
    stream->begin(1000);
    add(1000, "abc");
    EXPECT_EQ(whole(), "abc");
    add(1003, "d");
    add(1004, "ef");
    EXPECT_EQ(whole(), "abcdef");
    EXPECT_FALSE(stream->full());
}

TEST_F(StreamStartTest, EndsAtTheFirstGap) {
    stream->begin(1000);
    add(1003, "def");
    EXPECT_EQ(whole(), "");
    add(1008, "ij");
    add(1000, "abc");
    EXPECT_EQ(whole(), "abcdef");
    add(1006, "g");
    EXPECT_EQ(whole(), "abcdefg");
    add(1007, "h");
    EXPECT_EQ(whole(), "abcdefghij");
}

TEST_F(StreamStartTest, PutsSegmentsTogetherInWhateverOrderTheyCome) {
    struct Case {
        std::uint32_t at;
        std::string_view text;
    };
    const std::vector<std::vector<Case>> streams = {
        {{0, "abc"}, {3, "d"}, {4, "efgh"}, {8, "ij"}, {10, "klm"}},
        // They overlap, as segments that were sent again do.
        {{0, "abcd"}, {2, "cdefg"}, {3, "de"}, {6, "ghi"}, {8, "ijklm"}},
        {{0, "abcdefghij"}, {2, "cd"}, {5, "fgh"}, {9, "jklm"}, {11, "lm"}},
    };
    for (const auto& segments : streams) {
        std::vector<std::size_t> order = {0, 1, 2, 3, 4};
        do {
            stream->begin(0xFFFFFFFA);
            for (const std::size_t i : order) add(0xFFFFFFFA + segments[i].at, segments[i].text);
            ASSERT_EQ(whole(), "abcdefghijklm") << testing::PrintToString(order);
        } while (std::ranges::next_permutation(order).found);
    }
}

// Whoever attacks may send other bytes at a place which the receiver has already read.
TEST_F(StreamStartTest, WhatWasFirstAtAPlaceStays) {
    stream->begin(1000);
    add(1000, "abcdef");
    add(1000, "UVWXYZ");
    EXPECT_EQ(whole(), "abcdef");
    add(1002, "WX");
    EXPECT_EQ(whole(), "abcdef");
    add(1003, "XYZghi");
    EXPECT_EQ(whole(), "abcdefghi");
    add(998, "??UVWXYZ???j");
    EXPECT_EQ(whole(), "abcdefghij");
}

TEST_F(StreamStartTest, WhatIsKnownBehindAGapStaysWhereItComesAgain) {
    stream->begin(1000);
    add(1003, "defg");
    add(1003, "WXYZ");
    add(1004, "XY");
    add(1000, "abc");
    EXPECT_EQ(whole(), "abcdefg");
}

// Only what lies behind the gap is open there, and only until the gap is closed.
TEST_F(StreamStartTest, WhatClosesAGapHasNothingToSayOfWhatLiesBeforeIt) {
    stream->begin(1000);
    add(1000, "ab");
    add(1004, "efgh");
    add(1000, "UVcdWX");
    const std::string closed = whole();
    ASSERT_EQ(closed.size(), 8U);
    EXPECT_EQ(closed.substr(0, 4), "abcd");
    EXPECT_EQ(closed.substr(6), "gh");
    add(1000, "????????");
    EXPECT_EQ(whole(), closed);
}

TEST_F(StreamStartTest, LeavesOutWhatLiesBeforeTheBeginning) {
    stream->begin(1000);
    add(990, "0123456789");
    add(999, "9");
    add(900, "");
    EXPECT_EQ(whole(), "");
    add(997, "789abc");
    EXPECT_EQ(whole(), "abc");
    add(1000U - 0x7FFFFFFFU, "far before it");
    add(1000U - 0x80000000U, "as far before as behind");
    EXPECT_EQ(whole(), "abc");
    add(1003, "d");
    EXPECT_EQ(whole(), "abcd");
}

// RFC 9293 section 3.4: sequence numbers are counted modulo 2^32.
TEST_F(StreamStartTest, SequenceNumbersGoOnAtZero) {
    stream->begin(0xFFFFFFFE);
    add(0xFFFFFFFC, "yzab");
    EXPECT_EQ(whole(), "ab");
    add(1, "de");
    add(0, "c");
    EXPECT_EQ(whole(), "abcde");
    add(0xFFFFFFFF, "????f");
    EXPECT_EQ(whole(), "abcdef");

    stream->begin(0xFFFFFFFE);
    add(0xFFFFFFFE, "abcdef");
    EXPECT_EQ(whole(), "abcdef");

    stream->begin(1);
    add(0xFFFFFFF0, "long before");
    EXPECT_EQ(whole(), "");
    add(0xFFFFFFFF, "yzab");
    EXPECT_EQ(whole(), "ab");

    stream->begin(0);
    add(0xFFFFFFFF, "z");
    EXPECT_EQ(whole(), "");
    add(0, "a");
    EXPECT_EQ(whole(), "a");
}

TEST_F(StreamStartTest, IsFullAtItsLimit) {
    stream->begin(7);
    add(7, std::string(kStreamBytes - 1, 'a'));
    EXPECT_FALSE(stream->full());
    add(7 + kStreamBytes - 1, "b");
    EXPECT_TRUE(stream->full());
    EXPECT_EQ(whole(), std::string(kStreamBytes - 1, 'a') + "b");
    add(7, "?");
    add(7 + kStreamBytes, "?");
    EXPECT_EQ(whole(), std::string(kStreamBytes - 1, 'a') + "b");
}

TEST_F(StreamStartTest, LeavesOutWhatLiesBeyondItsLimit) {
    stream->begin(7);
    add(7 + kStreamBytes, "beyond");
    add(7 + kStreamBytes - 2, "yz and beyond");
    EXPECT_EQ(whole(), "");
    EXPECT_FALSE(stream->full()) << "there is a gap";
    add(7, std::string(kStreamBytes - 2, 'a'));
    EXPECT_TRUE(stream->full());
    EXPECT_EQ(whole().substr(kStreamBytes - 3), "ayz");

    stream->begin(7);
    add(7, std::string(3 * kStreamBytes, 'c'));
    EXPECT_TRUE(stream->full());
    EXPECT_EQ(whole(), std::string(kStreamBytes, 'c'));

    stream->begin(7);
    add(2, "01234" + std::string(kStreamBytes, 'd') + "beyond");
    EXPECT_EQ(whole(), std::string(kStreamBytes, 'd'));
}

TEST_F(StreamStartTest, BeginsAgain) {
    stream->begin(1000);
    add(1000, "abcdef");
    add(1010, "klm");
    stream->begin(5000);
    EXPECT_EQ(whole(), "");
    add(1000, "abcdef");
    EXPECT_EQ(whole(), "");
    add(5000, "0123456789");
    EXPECT_EQ(whole(), "0123456789") << "what was behind a gap is forgotten";
    stream->begin(5000);
    add(5000, std::string(kStreamBytes, 'a'));
    EXPECT_TRUE(stream->full());
    stream->begin(5000);
    EXPECT_FALSE(stream->full());
}

TEST_F(StreamStartTest, PutsTogetherWhatHasFewGaps) {
    stream->begin(1000);
    for (const std::uint32_t at : {8U, 6U, 4U, 2U}) add(1000 + at, "x");
    EXPECT_EQ(whole(), "");
    add(1000, "y");
    EXPECT_EQ(whole(), "y");
    for (const std::uint32_t at : {7U, 5U, 3U, 1U}) add(1000 + at, "z");
    EXPECT_EQ(whole(), "yzxzxzxzx");
}

// Which bytes are there is known of few pieces only. Nothing is told where they may lie in a gap.
TEST_F(StreamStartTest, HasNothingWhereThereWereTooManyGaps) {
    stream->begin(1000);
    add(1000, "ab");
    for (const std::uint32_t at : {4U, 7U, 10U, 13U}) add(1000 + at, "x");
    EXPECT_EQ(whole(), "ab");
    add(1016, "x");
    EXPECT_EQ(whole(), "");
    EXPECT_FALSE(stream->full());
    add(1000, "abcdefghijklmnopqrst");
    EXPECT_EQ(whole(), "");
    add(1000, std::string(kStreamBytes, 'a'));
    EXPECT_FALSE(stream->full());
    stream->begin(1000);
    add(1000, "abc");
    EXPECT_EQ(whole(), "abc");
}

// What is left out leaves no gap either.
TEST_F(StreamStartTest, SegmentsOutsideAreNoGaps) {
    stream->begin(1000);
    for (std::uint32_t i = 0; i < 20; ++i) {
        add(1000 + static_cast<std::uint32_t>(kStreamBytes) + 10 * i, "beyond");
        add(500 + 10 * i, "before");
    }
    add(1000, "abc");
    EXPECT_EQ(whole(), "abc");
}

}  // namespace
}  // namespace packetsentry::transactions
