#include "daemon/record/short_column.h"

#include <gtest/gtest.h>

namespace packetsentry::record {
namespace {

TEST(ShortColumn, IsCopiedWithTheLowerByteFirst) {
    ShortColumn column;
    for (const std::uint16_t value : {std::uint16_t{0x0102}, std::uint16_t{65535}}) column.add(value);
    std::string bytes = "what was there";
    column.copy_to(bytes);
    EXPECT_EQ(bytes, "\x02\x01\xff\xff");
    EXPECT_EQ(proto::short_at(bytes, 0), 0x0102);
    EXPECT_EQ(proto::short_at(bytes, 1), 65535);
}

TEST(ShortColumn, KnowsWhetherItSaysAnything) {
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
