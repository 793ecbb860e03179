#include "proto/rows/message_fields.h"

#include <gtest/gtest.h>

#include <string>

namespace packetsentry::proto {
namespace {

TEST(MessageFields, ReadsEachKind) {
    const std::string bytes = std::string("\x08\x96\x01", 3) +
                              "\x12\x03"
                              "abc" +
                              "\x19" + std::string("\1\2\0\0\0\0\0\0", 8) + "\x25" + "1234";
    MessageFields fields(bytes);
    ASSERT_TRUE(fields.next());
    EXPECT_EQ(fields.field(), 1U);
    EXPECT_EQ(fields.kind(), MessageFields::varint);
    EXPECT_EQ(fields.number(), 150U);
    ASSERT_TRUE(fields.next());
    EXPECT_TRUE(fields.is_text(2));
    EXPECT_FALSE(fields.is_text(3));
    EXPECT_EQ(fields.value(), "abc");
    ASSERT_TRUE(fields.next());
    EXPECT_EQ(fields.kind(), MessageFields::eight_bytes);
    EXPECT_EQ(fields.number(), 0x201U);
    EXPECT_FALSE(fields.at_end());
    ASSERT_TRUE(fields.next());
    EXPECT_EQ(fields.kind(), MessageFields::four_bytes);
    EXPECT_FALSE(fields.next());
    EXPECT_TRUE(fields.at_end());
}

TEST(MessageFields, StopsWhereThereIsNoMessage) {
    for (const std::string& bytes :
         {std::string("\x08"),
          std::string("\x12\x05"
                      "abcd"),
          std::string("\x19"
                      "1234567"),
          std::string("\x25"
                      "123"),
          std::string("\x0b"), std::string("\x08") + std::string(11, '\xff'),
          std::string("\x88\x80\x80\x80\x80\x00\x01", 7), std::string("\x12\x81\x80\x80\x80\x80\x00x", 8)}) {
        MessageFields fields(bytes);
        EXPECT_FALSE(fields.next());
        EXPECT_FALSE(fields.at_end());
        EXPECT_FALSE(fields.next());
    }
}

}  // namespace
}  // namespace packetsentry::proto
