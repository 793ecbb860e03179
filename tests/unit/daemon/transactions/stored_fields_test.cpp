#include "daemon/transactions/stored_fields.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "daemon/flows/state_bytes.h"

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

// A packet may have a field several times, from packets inside of it, or from whoever sends nonsense.
TEST(StoredFields, HaveOneValueUnlessTheyAreAList) {
    StoredFields stored;
    std::vector<dissect::Field> many(2 * StoredFields::kMost, text_field("dns.op_code", "QUERY"));
    many.push_back(text_field("dns.question.name", "a.example"));
    EXPECT_TRUE(stored.store(many, kWanted));
    StoredFields::Room room;
    EXPECT_EQ(stored.fields(room).size(), 2U);
    EXPECT_TRUE(stored.valid(kWanted));
}

// What does not fit is left out, and all that comes behind it in its list, which lacks no value in its
// middle.
TEST(StoredFields, SayWhetherAllAreThere) {
    StoredFields stored;
    const std::string much(StoredFields::kBytes, 'x');
    EXPECT_FALSE(
        stored.store(std::vector{text_field("dns.op_code", "QUERY"), text_field("dns.question.name", much),
                                 text_field("dns.header_flags", "AA"), text_field("dns.header_flags", much),
                                 text_field("dns.header_flags", "RD")},
                     kWanted));
    StoredFields::Room room;
    const auto fields = stored.fields(room);
    ASSERT_EQ(fields.size(), 2U);
    EXPECT_EQ(fields[0].text, "QUERY");
    EXPECT_EQ(fields[1].text, "AA");
}

// What is wanted most is stored first, so that nothing before it can take its room.
TEST(StoredFields, AreInTheOrderInWhichTheyAreWanted) {
    StoredFields stored;
    const std::string much(StoredFields::kBytes - 30, 'x');
    EXPECT_FALSE(stored.store(std::vector{text_field("dns.op_code", much),
                                          text_field("dns.question.name", "a.name.with.30.bytes.example")},
                              kWanted));
    StoredFields::Room room;
    ASSERT_EQ(stored.fields(room).size(), 1U);
    EXPECT_EQ(stored.fields(room)[0].text, "a.name.with.30.bytes.example");
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

// As they come from a worker that may have been taken over by an attacker.
StoredFields read_back(std::string bytes, bool* good = nullptr) {
    const std::uint16_t size = static_cast<std::uint16_t>(bytes.size());
    bytes.insert(0, reinterpret_cast<const char*>(&size), sizeof size);
    flows::StateReader reader(bytes);
    StoredFields stored;
    stored.pass(reader);
    if (good != nullptr) *good = reader.good() && reader.at_end();
    return stored;
}

std::string stored_value(std::uint16_t field, std::string_view value, std::uint16_t size) {
    std::string bytes(reinterpret_cast<const char*>(&field), sizeof field);
    bytes.append(reinterpret_cast<const char*>(&size), sizeof size).append(value);
    return bytes;
}

std::string stored_value(std::string_view path, std::string_view value) {
    return stored_value(rows::find_field(path)->number, value, static_cast<std::uint16_t>(value.size()));
}

TEST(StoredFields, PassOn) {
    StoredFields stored;
    ASSERT_TRUE(
        stored.store(std::vector{text_field("dns.header_flags", "RD"), text_field("dns.header_flags", "AD"),
                                 text_field("dns.question.name", "www.example")},
                     kWanted));
    std::string bytes;
    flows::StateWriter writer(bytes);
    stored.pass(writer);
    flows::StateReader reader(bytes);
    StoredFields read;
    read.pass(reader);
    EXPECT_TRUE(reader.good() && reader.at_end());
    EXPECT_TRUE(read.valid(kWanted));
    StoredFields::Room room;
    const auto fields = read.fields(room);
    ASSERT_EQ(fields.size(), 3U);
    EXPECT_EQ(fields[0].text, "www.example");
    EXPECT_EQ(fields[2].text, "AD");
}

TEST(StoredFields, AreValidOnlyIfTheyCanHaveBeenStored) {
    const std::string name = stored_value("dns.question.name", "x"),
                      flag = stored_value("dns.header_flags", "RD");
    EXPECT_TRUE(read_back("").valid(kWanted));
    EXPECT_TRUE(read_back(name + flag + flag).valid(kWanted)) << "a list may have several values";
    EXPECT_FALSE(read_back(name + flag + name).valid(kWanted)) << "a name may not";
    EXPECT_FALSE(read_back(stored_value("tls.cipher", "x")).valid(kWanted)) << "nobody wants it";
    EXPECT_FALSE(read_back(stored_value(0xFFFF, "x", 1)).valid(kWanted)) << "there is no such field";
    EXPECT_TRUE(read_back(stored_value("dns.id", "12345678")).valid(kWanted));
    EXPECT_FALSE(read_back(stored_value("dns.id", "1234567")).valid(kWanted)) << "no number";
    EXPECT_FALSE(read_back(name + "ab").valid(kWanted)) << "half of a head";
    EXPECT_FALSE(read_back(stored_value(rows::find_field("dns.op_code")->number, "x", 2)).valid(kWanted));
    std::string many;
    for (std::size_t i = 0; i <= StoredFields::kMost; ++i) many += stored_value("dns.header_flags", "");
    EXPECT_FALSE(read_back(many).valid(kWanted));
    bool good = true;
    (void)read_back(std::string(StoredFields::kBytes + 1, 'x'), &good);
    EXPECT_FALSE(good) << "longer than there is room for";
}

}  // namespace
}  // namespace packetsentry::transactions
