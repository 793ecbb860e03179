#include "daemon/transactions/stored_fields.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace packetsentry::transactions {
namespace {

using dissect::Field;
using dissect::field;

constexpr std::array kWanted = {&field("dns.question.name"), &field("dns.id"), &field("dns.question.type"),
                                &field("dns.op_code"), &field("dns.header_flags")};

Field text_field(std::string_view path, std::string_view text) {
    return {.info = rows::find_field(path), .number = 0, .text = text, .address = {}};
}

TEST(StoredFields, AreThereWhenThePacketIsGone) {
    StoredFields stored;
    {
        std::string name = "www.example";
        const std::vector<Field> fields = {
            text_field("dns.question.name", name),
            {.info = &field("dns.id"), .number = 0xABCD, .text = {}, .address = {}},
            text_field("dns.question.type", ""),
        };
        EXPECT_TRUE(stored.store(fields, kWanted));
        name.assign(name.size(), '?');
    }
    StoredFields::Room room;
    const auto fields = stored.fields(room);
    ASSERT_EQ(fields.size(), 3U);
    EXPECT_EQ(fields[0].info->path, "dns.question.name");
    EXPECT_EQ(fields[0].text, "www.example");
    EXPECT_EQ(fields[1].number, 0xABCDU);
    EXPECT_EQ(fields[2].text, "");
    constexpr std::array kOne = {&field("dns.id"), &field("dns.op_code")};
    const auto one = stored.fields(room, kOne);
    ASSERT_EQ(one.size(), 1U);
    EXPECT_EQ(one[0].number, 0xABCDU);
}

TEST(StoredFields, AreThoseThatAreWanted) {
    StoredFields stored;
    EXPECT_TRUE(stored.store(std::vector{text_field("tls.cipher", "x"), text_field("dns.op_code", "QUERY")},
                             kWanted));
    StoredFields::Room room;
    ASSERT_EQ(stored.fields(room).size(), 1U);
    EXPECT_EQ(stored.fields(room)[0].info->path, "dns.op_code");
}

// What does not fit is left out, and all that comes behind it, so that no list lacks a value in its middle.
TEST(StoredFields, SayWhetherAllAreThere) {
    StoredFields stored;
    const std::string much(StoredFields::kBytes, 'x');
    EXPECT_FALSE(
        stored.store(std::vector{text_field("dns.op_code", "QUERY"), text_field("dns.question.name", much),
                                 text_field("dns.question.type", "A")},
                     kWanted));
    StoredFields::Room room;
    ASSERT_EQ(stored.fields(room).size(), 1U);
    EXPECT_EQ(stored.fields(room)[0].text, "QUERY");
}

TEST(StoredFields, AreNoMoreThanThereIsRoomFor) {
    StoredFields stored;
    const std::vector<Field> many(StoredFields::kMost + 1, text_field("dns.header_flags", ""));
    EXPECT_FALSE(stored.store(many, kWanted));
    StoredFields::Room room;
    EXPECT_EQ(stored.fields(room).size(), StoredFields::kMost);
    EXPECT_TRUE(stored.store({}, kWanted));
    EXPECT_TRUE(stored.fields(room).empty());
}

}  // namespace
}  // namespace packetsentry::transactions
