#include "proto/rows/packed_column.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>
#include <vector>

namespace packetsentry::proto {
namespace {

std::string varint(std::uint64_t value) {
    std::string bytes;
    for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<char>(value | 0x80));
    bytes.push_back(static_cast<char>(value));
    return bytes;
}

// Numbers of all lengths, or of one or two bytes, as columns have them.
std::vector<std::uint64_t> some_numbers(std::mt19937_64& random, std::size_t count, unsigned most_bits) {
    std::vector<std::uint64_t> numbers;
    for (std::size_t i = 0; i < count; ++i) numbers.push_back(random() >> (64 - 1 - random() % most_bits));
    return numbers;
}

// A copy without spare bytes behind it, so that a sanitizer sees whoever reads there.
template <typename Number>
std::vector<Number> decoded(const std::string& packed) {
    const std::vector<char> bytes(packed.begin(), packed.end());
    const PackedColumn<Number> column(std::string_view(bytes.data(), bytes.size()));
    const auto numbers = column.numbers();
    EXPECT_FALSE(column.broken());
    return {numbers.begin(), numbers.end()};
}

TEST(PackedColumn, ReadsEachNumber) {
    std::mt19937_64 random(5);
    for (int round = 0; round < 600; ++round) {
        const unsigned bits = round % 3 == 0 ? 63 : round % 3 == 1 ? 14 : 7;
        const auto numbers = some_numbers(random, random() % 300, bits);
        std::string packed;
        for (const std::uint64_t number : numbers) packed += varint(number);
        std::vector<std::uint32_t> shorter;
        std::vector<std::int64_t> with_sign;
        for (const std::uint64_t number : numbers) {
            shorter.push_back(static_cast<std::uint32_t>(number));
            with_sign.push_back(number_of_varint<std::int64_t>(number));
        }
        ASSERT_EQ(decoded<std::uint64_t>(packed), numbers);
        ASSERT_EQ(decoded<std::uint32_t>(packed), shorter);
        ASSERT_EQ(decoded<std::int64_t>(packed), with_sign);
    }
}

// As the rows of a column, with some shorter and longer ones among those that are alike.
TEST(PackedColumn, ReadsNumbersThatAreMostlyAlike) {
    std::mt19937_64 random(8);
    for (int round = 0; round < 400; ++round) {
        std::vector<std::uint64_t> numbers;
        std::string packed;
        for (std::uint64_t count = random() % 200; count > 0; --count) {
            const std::uint64_t others = random() % 16;
            numbers.push_back(others == 0   ? random() % 128
                              : others == 1 ? random() % 2'000'000
                                            : 128 + random() % 16'000);
            if (round % 4 == 0) numbers.back() %= 128;
            if (round % 4 == 1) numbers.back() = 128 + numbers.back() % 16'000;
            packed += varint(numbers.back());
        }
        std::vector<std::int64_t> with_sign;
        for (const std::uint64_t number : numbers)
            with_sign.push_back(number_of_varint<std::int64_t>(number));
        ASSERT_EQ(decoded<std::uint64_t>(packed), numbers);
        ASSERT_EQ(decoded<std::int64_t>(packed), with_sign);
    }
}

TEST(PackedColumn, ReadsTheHighestAndTheLowestNumber) {
    const std::string packed = varint(~0ULL) + varint(~1ULL) + varint(1) + varint(0);
    EXPECT_EQ(decoded<std::uint64_t>(packed), (std::vector<std::uint64_t>{~0ULL, ~1ULL, 1, 0}));
    EXPECT_EQ(decoded<std::int64_t>(packed),
              (std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::min(),
                                         std::numeric_limits<std::int64_t>::max(), -1, 0}));
}

TEST(PackedColumn, PicksWithoutDecoding) {
    std::mt19937_64 random(6);
    for (int round = 0; round < 200; ++round) {
        const auto numbers =
            some_numbers(random, 1 + random() % 400, static_cast<unsigned>(1 + random() % 40));
        std::string packed;
        for (const std::uint64_t number : numbers) packed += varint(number);
        std::vector<std::uint32_t> indices;
        std::vector<std::uint64_t> expected, before, after;
        for (std::uint32_t i = static_cast<std::uint32_t>(random() % 50); i < numbers.size();
             i += 1 + static_cast<std::uint32_t>(random() % 60)) {
            indices.push_back(i);
            expected.push_back(numbers[i]);
        }
        const PackedColumn<std::uint64_t> column{std::string_view(packed)};
        column.pick(indices, [&](std::uint64_t number) { before.push_back(number); });
        (void)column.numbers();
        column.pick(indices, [&](std::uint64_t number) { after.push_back(number); });
        ASSERT_EQ(before, expected);
        ASSERT_EQ(after, expected);
        ASSERT_FALSE(column.broken());
    }
}

TEST(PackedColumn, ReadsWhatProtobufHasParsed) {
    google::protobuf::RepeatedField<std::uint32_t> parsed;
    parsed.Add(7);
    parsed.Add(9);
    const PackedColumn column(parsed);
    EXPECT_EQ(column.size(), 2U);
    EXPECT_EQ(column[1], 9U);
    EXPECT_TRUE(PackedColumn(google::protobuf::RepeatedField<std::uint32_t>()).empty());
    EXPECT_TRUE(PackedColumn<std::uint32_t>().numbers().empty());
}

// There is a number for each that was counted, whatever the bytes are.
TEST(PackedColumn, TellsWhatIsNoNumber) {
    const PackedColumn<std::uint32_t> cut{std::string_view("\x01\x80", 2)};
    EXPECT_TRUE(cut.broken());
    const std::string too_long = "\x05" + std::string(10, '\xff') + "\x01\x07";
    const PackedColumn<std::uint64_t> column{std::string_view(too_long)};
    EXPECT_FALSE(column.broken());
    EXPECT_EQ(column.size(), 3U);
    EXPECT_EQ(column[2], 0U);
    EXPECT_TRUE(column.broken());
    const PackedColumn<std::uint64_t> picked{std::string_view(too_long)};
    picked.pick(std::vector<std::uint32_t>{1}, [](std::uint64_t) {});
    EXPECT_TRUE(picked.broken());
    std::string many;
    for (int i = 0; i < 100; ++i) many += i == 60 ? too_long : std::string("\x81\x02");
    const PackedColumn<std::int64_t> long_column{std::string_view(many)};
    EXPECT_EQ(long_column.numbers().size(), 102U);
    EXPECT_TRUE(long_column.broken());
}

}  // namespace
}  // namespace packetsentry::proto
