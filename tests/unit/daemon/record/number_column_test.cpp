#include "daemon/record/number_column.h"

#include <gtest/gtest.h>

namespace packetsentry::record {
namespace {

TEST(NumberColumn, IsCopiedWithTheLowestByteFirst) {
    NumberColumn<std::uint16_t> shorts;
    for (const std::uint16_t value : {std::uint16_t{0x0102}, std::uint16_t{65535}}) shorts.add(value);
    std::string bytes = "what was there";
    shorts.copy_to(bytes);
    EXPECT_EQ(bytes, "\x02\x01\xff\xff");
    EXPECT_EQ(proto::short_at(bytes, 0), 0x0102);
    EXPECT_EQ(proto::short_at(bytes, 1), 65535);
    NumberColumn<std::uint32_t> longs;
    for (const std::uint32_t value : {0x01020304U, 5U}) longs.add(value);
    longs.copy_to(bytes);
    EXPECT_EQ(bytes, std::string("\x04\x03\x02\x01\x05\0\0\0", 8));
    EXPECT_EQ(proto::number_at<std::uint32_t>(bytes, 0), 0x01020304U);
    EXPECT_EQ(proto::number_at<std::uint32_t>(bytes, 1), 5U);
}

TEST(NumberColumn, KnowsWhetherItSaysAnything) {
    ShortColumn column;
    column.add(0);
    EXPECT_TRUE(column.all_zero());
    column.add(1);
    EXPECT_FALSE(column.all_zero());
    column.clear();
    EXPECT_TRUE(column.all_zero());
}

}  // namespace
}  // namespace packetsentry::record
