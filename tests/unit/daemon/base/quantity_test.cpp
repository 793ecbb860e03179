#include "daemon/base/quantity.h"

#include <gtest/gtest.h>

namespace packetsentry::base {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

struct QuantityCase {
    const char* text;
    std::uint64_t value;
};

TEST(Quantity, Sizes) {
    const QuantityCase cases[] = {
        {"0B", 0},
        {"7B", 7},
        {"10kB", 10'000},
        {"10KiB", 10'240},
        {"64 MiB", 67'108'864},
        {"2MB", 2'000'000},
        {"1GB", 1'000'000'000},
        {"1GiB", 1'073'741'824},
        {"18446744073709551615B", 18'446'744'073'709'551'615U},
    };
    for (const QuantityCase& one : cases) {
        EXPECT_EQ(parse_size(one.text, Bare::refused), one.value) << one.text;
        EXPECT_EQ(parse_size(one.text, Bare::taken), one.value) << one.text;
    }
    EXPECT_EQ(parse_size("4096", Bare::taken), 4096);
    EXPECT_EQ(parse_size("4096", Bare::refused), std::nullopt);
}

TEST(Quantity, WhatIsNoSize) {
    for (const char* text : {"", " ", "MiB", "-1", "+1B", "1.5MiB", "10K", "10M", "10mib", "10MiB ",
                             "10  MiB", "10 ", "1e3B", "18446744073709551616B", "18446744073709551615KiB"})
        EXPECT_EQ(parse_size(text, Bare::taken), std::nullopt) << text;
}

TEST(Quantity, Durations) {
    const QuantityCase cases[] = {
        {"60s", 60 * kSecond},
        {"250ms", kSecond / 4},
        {"2m", 120 * kSecond},
        {"1h", 3600 * kSecond},
        {"7d", 7 * 86'400 * kSecond},
        {"1h30m", 5400 * kSecond},
        {"1d12h", 129'600 * kSecond},
        {"2m5s250ms", 125'250'000'000},
        {"0s", 0},
        {"106751d23h47m16s", kLongestDuration},
    };
    for (const QuantityCase& one : cases) {
        EXPECT_EQ(parse_duration(one.text, Bare::refused), one.value) << one.text;
        EXPECT_EQ(parse_duration(one.text, Bare::taken), one.value) << one.text;
    }
    EXPECT_EQ(parse_duration("60", Bare::taken), 60 * kSecond);
    EXPECT_EQ(parse_duration("60", Bare::refused), std::nullopt);
}

TEST(Quantity, WhatIsNoDuration) {
    for (const char* text :
         {"", "h", "-1h", "1.5h", "1 h", "1H", "1h30", "30m1h", "1h1h", "1h 30m", "h30m", "106751d23h47m17s",
          "9223372037", "9223372036854775807d", "99999999999999999999s"})
        EXPECT_EQ(parse_duration(text, Bare::taken), std::nullopt) << text;
}

TEST(Quantity, TextsInTheLargestUnitThatFits) {
    const QuantityCase sizes[] = {
        {"0B", 0},
        {"1B", 1},
        {"1000B", 1000},
        {"1KiB", 1024},
        {"1025B", 1025},
        {"64MiB", 64 << 20},
        {"1536MiB", 3 << 29},
        {"200GiB", 200ULL << 30},
        {"2048GiB", 1ULL << 41},
    };
    for (const QuantityCase& one : sizes) {
        EXPECT_EQ(size_text(one.value), one.text);
        EXPECT_EQ(parse_size(one.text, Bare::refused), one.value);
    }
    const QuantityCase durations[] = {
        {"0ms", 0},
        {"250ms", kSecond / 4},
        {"1s", kSecond},
        {"90s", 90 * kSecond},
        {"90m", 5400 * kSecond},
        {"36h", 36 * 3600 * kSecond},
        {"14d", 14 * 86'400 * kSecond},
        {"9223372036s", kLongestDuration},
    };
    for (const QuantityCase& one : durations) {
        EXPECT_EQ(duration_text(one.value), one.text);
        EXPECT_EQ(parse_duration(one.text, Bare::refused), one.value);
    }
    EXPECT_EQ(duration_text(kSecond + 1), "1s");
    EXPECT_EQ(duration_text(1), "0ms");
}

TEST(Quantity, Numbers) {
    EXPECT_EQ(parse_number("0"), 0);
    EXPECT_EQ(parse_number("18446744073709551615"), 18'446'744'073'709'551'615U);
    for (const char* text : {"", "x", "-1", "+1", "1 ", " 1", "1.0", "0x10", "18446744073709551616"})
        EXPECT_EQ(parse_number(text), std::nullopt) << text;
}

}  // namespace
}  // namespace packetsentry::base
