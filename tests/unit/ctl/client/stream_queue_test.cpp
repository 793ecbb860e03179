#include "ctl/client/stream_queue.h"

#include <gtest/gtest.h>

#include "tests/unit/ctl/batch_maker.h"

namespace packetsentry::ctl {
namespace {

constexpr std::size_t kHalf = StreamQueue::kBytesOfRows / 2;

wire::StreamItem rows(std::uint64_t first_sequence) {
    wire::StreamItem item;
    item.set_follow(2);
    item.mutable_rows()->set_first_sequence(first_sequence);
    item.mutable_rows()->set_batch(two_rows().SerializeAsString());
    return item;
}

wire::StreamItem notice(const char* text) {
    wire::StreamItem item;
    item.mutable_notice()->set_text(text);
    return item;
}

std::string told(StreamQueue& queue) {
    std::string all;
    while (!queue.empty()) {
        const wire::StreamItem item = queue.take();
        if (item.has_rows())
            all += std::to_string(item.rows().first_sequence()) + " ";
        else if (item.has_gap())
            all += "(" + std::to_string(item.gap().first()) + "-" + std::to_string(item.gap().last()) + ") ";
        else
            all += item.notice().text() + " ";
    }
    return all;
}

TEST(StreamQueue, GivesWhatItTookInItsOrder) {
    StreamQueue queue;
    EXPECT_TRUE(queue.empty());
    EXPECT_TRUE(queue.put(rows(1), 100));
    EXPECT_TRUE(queue.put(notice("x"), 10));
    EXPECT_TRUE(queue.put(rows(3), 100));
    EXPECT_EQ(told(queue), "1 x 3 ");
}

TEST(StreamQueue, RowsBeyondTheBoundAreAGap) {
    StreamQueue queue;
    for (const std::uint64_t first : {1, 3, 5, 7}) EXPECT_TRUE(queue.put(rows(first), kHalf));
    EXPECT_TRUE(queue.put(notice("x"), 10));
    EXPECT_TRUE(queue.put(rows(9), kHalf));
    EXPECT_EQ(told(queue), "1 3 (5-8) x (9-10) ");
    // Whoever reads makes room.
    EXPECT_TRUE(queue.put(rows(11), kHalf));
    EXPECT_TRUE(queue.put(rows(13), kHalf));
    EXPECT_EQ(told(queue), "11 13 ");
}

TEST(StreamQueue, WhatCannotBeCountedOrIsTooMuchIsAnError) {
    StreamQueue queue;
    EXPECT_TRUE(queue.put(rows(1), StreamQueue::kBytesOfRows));
    wire::StreamItem lies = rows(3);
    lies.mutable_rows()->set_batch("no batch");
    EXPECT_EQ(queue.put(lies, 10).error().code, base::ErrorCode::internal);
    for (std::size_t i = 1; i < StreamQueue::kItems; ++i) ASSERT_TRUE(queue.put(notice("x"), 10));
    EXPECT_EQ(queue.put(notice("x"), 10).error().code, base::ErrorCode::internal);
}

}  // namespace
}  // namespace packetsentry::ctl
