#include "proto/query/literals.h"

#include <gtest/gtest.h>

#include <string>

namespace packetsentry::query {
namespace {

TEST(Literals, Numbers) {
    EXPECT_EQ(parse_number("0"), 0U);
    EXPECT_EQ(parse_number("0x10"), 16U);
    EXPECT_EQ(parse_number("0X1f"), 31U);
    EXPECT_EQ(parse_number("010"), 8U);
    EXPECT_EQ(parse_number("0b101"), 5U);
    EXPECT_EQ(parse_number("18446744073709551615"), ~0ULL);
    for (const std::string_view text :
         {"", "-1", "+1", " 1", "1 ", "08", "0x", "0b2", "1.5", "18446744073709551616"})
        EXPECT_EQ(parse_number(text), std::nullopt) << text;
}

TEST(Literals, Addresses) {
    for (const auto& [text, told, bits] : {std::tuple{"10.1.2.3", "10.1.2.3", 32},
                                           {"10.1.2.3/31", "10.1.2.2", 31},
                                           {"10.1.2.3/0", "0.0.0.0", 0},
                                           {"2001:db8::ff/121", "2001:db8::80", 121},
                                           {"::/0", "::", 0},
                                           {"aa:bb:cc:dd:ee:ff", "AA-BB-CC-DD-EE-FF", 48}}) {
        const auto prefix = parse_address(text);
        ASSERT_TRUE(prefix) << text;
        EXPECT_EQ(base::to_string(prefix->address), told) << text;
        EXPECT_EQ(prefix->bits, bits) << text;
    }
    for (const std::string_view text :
         {"", "10.1.2", "10.1.2.3/", "10.1.2.3/33", "10.1.2.3/-1", "10.1.2.3/1/2", "::/129",
          "1:2:3:4:5:6:7:8:9", "aa:bb:cc:dd:ee", "aa:bb:cc:dd:ee:ff:00", "aa:bb-cc:dd:ee:ff", "aabb.ccdd.eef",
          "03:00:00", "a:b:c:d:e:f/8"})
        EXPECT_EQ(parse_address(text), std::nullopt) << text;
}

TEST(Literals, Times) {
    EXPECT_EQ(parse_time("0"), 0);
    EXPECT_EQ(parse_time("1.5"), 1'500'000'000);
    EXPECT_EQ(parse_time("9223372035"), 9'223'372'035'000'000'000);
    EXPECT_EQ(parse_time("1970-01-02T00:00:00Z"), 86'400'000'000'000);
    EXPECT_EQ(parse_time("1970-01-02 00:00 UTC"), 86'400'000'000'000);
    EXPECT_EQ(parse_time("1970-01-02T01:00:00.000000001+01:00"), 86'400'000'000'001);
    EXPECT_EQ(parse_time("1970-01-01T22:30:00-0130"), 86'400'000'000'000);
    EXPECT_EQ(parse_time("2261-12-31T23:59:59-99:99").has_value(), true);
    EXPECT_EQ(time_text(*parse_time("2026-11-29T03:04:05.25Z")), "2026-11-29T03:04:05.250000000Z");
    EXPECT_EQ(time_text(*parse_time("2024-02-29T23:59:60Z")), "2024-03-01T00:00:00.000000000Z");
    for (const std::string_view text :
         {"", "-1", "1.", ".5", "1e3", "99999999999", "1969-12-31", "2262-01-01", "2026-13-01", "2026-02-30",
          "2026-11-29T", "2026-11-29 3:00", "2026-11-29 24:00", "2026-11-29 03:60", "2026-11-29 03:00:00X",
          "2026-11-29 03:00:00+1", "2026-1-1", "Foo 29, 2026 03:00", "03:00:00"})
        EXPECT_EQ(parse_time(text), std::nullopt) << text;
}

}  // namespace
}  // namespace packetsentry::query
