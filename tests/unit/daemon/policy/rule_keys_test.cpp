// Every number of a policy file, at the edges of what it may be.
#include "daemon/policy/rule_keys.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "daemon/policy/rule_reader.h"

namespace packetsentry::policy {
namespace {

const Names kNoNames{[](const std::string&) -> std::optional<uid_t> { return std::nullopt; },
                     [](const std::string&) -> std::optional<gid_t> { return std::nullopt; }};

// before and after: what stands around the number.
struct Number {
    const char* key;
    const char* before;
    const char* after;
    std::uint64_t low;
    std::uint64_t high;
    std::uint64_t factor;  // of the unit in after
    std::uint64_t (*get)(const Rule& rule);
};

std::uint64_t lifetime(const Rule& rule) {
    return static_cast<std::uint64_t>(rule.terms.lifetime.count());
}
std::uint64_t saved_bytes(const Rule& rule) {
    return rule.terms.saved_bytes;
}

constexpr std::uint64_t kTebibyte = 1ULL << 40;

const Number kNumbers[] = {
    {"user", "[", "]", 0, 4'294'967'294, 1,
     [](const Rule& rule) -> std::uint64_t { return rule.users.front(); }},
    {"group", "[", "]", 0, 4'294'967'294, 1,
     [](const Rule& rule) -> std::uint64_t { return rule.groups.front(); }},
    {"snaplen", "", "", 1, 262144, 1,
     [](const Rule& rule) -> std::uint64_t { return rule.terms.snapshot_length; }},
    {"max_jobs", "", "", 1, 1024, 1, [](const Rule& rule) -> std::uint64_t { return rule.terms.jobs; }},
    {"max_rate", "", "", 1, 1'000'000'000, 1, [](const Rule& rule) { return rule.terms.packets_per_second; }},
    {"redact.payload", "", "", 0, 262144, 1,
     [](const Rule& rule) -> std::uint64_t { return rule.terms.redaction.payload_bytes.value(); }},
    {"max_bytes", "", "", 1, 1024 * kTebibyte, 1, saved_bytes},
    {"max_bytes", "'", "'", 1, 1024 * kTebibyte, 1, saved_bytes},
    {"max_bytes", "'", "B'", 1, 1024 * kTebibyte, 1, saved_bytes},
    {"max_bytes", "'", "kB'", 1, 1024 * kTebibyte / 1000, 1000, saved_bytes},
    {"max_bytes", "'", "MB'", 1, 1024 * kTebibyte / 1'000'000, 1'000'000, saved_bytes},
    {"max_bytes", "'", "GB'", 1, 1024 * kTebibyte / 1'000'000'000, 1'000'000'000, saved_bytes},
    {"max_bytes", "'", "KiB'", 1, 1ULL << 40, 1ULL << 10, saved_bytes},
    {"max_bytes", "'", "MiB'", 1, 1ULL << 30, 1ULL << 20, saved_bytes},
    {"max_bytes", "'", "GiB'", 1, 1ULL << 20, 1ULL << 30, saved_bytes},
    {"lifetime", "'", "s'", 1, 366 * 86400, 1, lifetime},
    {"lifetime", "'", "m'", 1, 366 * 1440, 60, lifetime},
    {"lifetime", "'", "h'", 1, 366 * 24, 3600, lifetime},
    {"lifetime", "'", "d'", 1, 366, 86400, lifetime},
};
constexpr std::array kNoNumbers = {"actions", "interfaces",     "jobs",
                                   "filter",  "redact.headers", "redact.addresses"};

base::Result<Policy> read(const Number& number, const std::string& value) {
    const std::string key = number.key;
    std::string text = "[[rule]]\nactions = []\n";
    if (key != "user" && key != "group") text += "user = [7]\n";
    return read_rules(text + key + " = " + number.before + value + number.after + "\n", "p.toml", kNoNames);
}

void expect_refused(const Number& number, const std::string& value) {
    const auto policy = read(number, value);
    ASSERT_FALSE(policy) << number.key << " = " << number.before << value << number.after;
    EXPECT_EQ(policy.error().code, base::ErrorCode::usage);
    EXPECT_TRUE(policy.error().message.starts_with("p.toml:")) << policy.error().message;
    EXPECT_EQ(policy.error().message.find('\n'), std::string::npos) << policy.error().message;
}

TEST(RuleKeys, EveryNumberIsInThisTable) {
    for (const RuleKey& key : rule_keys()) {
        const bool is_number =
            std::ranges::any_of(kNumbers, [&](const Number& number) { return key.name == number.key; });
        const bool is_none = std::ranges::find(kNoNumbers, key.name) != kNoNumbers.end();
        EXPECT_NE(is_number, is_none) << key.name;
    }
}

TEST(RuleKeys, NumbersInRangeMeanWhatTheySay) {
    for (const Number& number : kNumbers) {
        for (const std::uint64_t value : {number.low, number.low + 1, number.high - 1, number.high,
                                          std::uint64_t{1} << 31, std::uint64_t{1} << 32}) {
            if (value < number.low || value > number.high) continue;
            const auto policy = read(number, std::to_string(value));
            ASSERT_TRUE(policy) << policy.error().message;
            EXPECT_EQ(number.get(policy->rules.front()), value * number.factor)
                << number.key << " = " << value << number.after;
        }
    }
}

TEST(RuleKeys, NumbersOutOfRangeAreRefusedInOneLineWithTheRange) {
    for (const Number& number : kNumbers) {
        std::vector<std::uint64_t> values = {number.high + 1, 1ULL << 31, 1ULL << 32, (1ULL << 63) - 1};
        if (number.low > 0) values.push_back(0);
        for (const std::uint64_t value : values) {
            if (value >= number.low && value <= number.high) continue;
            const auto policy = read(number, std::to_string(value));
            ASSERT_FALSE(policy) << number.key << " = " << value << number.after;
            EXPECT_NE(policy.error().message.find("'" + std::string(number.key) + "' must be "),
                      std::string::npos)
                << policy.error().message;
            EXPECT_EQ(policy.error().message.find('\n'), std::string::npos);
        }
        for (const char* text : {"9223372036854775808", "18446744073709551615", "18446744073709551616"})
            expect_refused(number, text);
    }
}

TEST(RuleKeys, WhatIsNoWholeNumberIsRefusedInOneLine) {
    for (const Number& number : kNumbers)
        for (const char* text :
             {"", "-1", "-9223372036854775808", "1e3", "5.0", "\u0663", "0x", "five", "inf"})
            expect_refused(number, text);
    // Within quotes there is one way to write a number.
    for (const Number& number : kNumbers)
        if (*number.before == '\'')
            for (const char* text : {" 5", "+5", "0x10", "5_0"}) expect_refused(number, text);
    EXPECT_FALSE(read(kNumbers[7], "5 "));
}

// An id that means "no change" to the kernel is nobody's.
TEST(RuleKeys, TheHighestIdIsNobodys) {
    expect_refused(kNumbers[0], "4294967295");
    expect_refused(kNumbers[1], "4294967295");
}

}  // namespace
}  // namespace packetsentry::policy
