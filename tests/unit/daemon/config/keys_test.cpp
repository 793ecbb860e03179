// Every number of packetsentryd.toml, at the edges of what it may be.
#include "daemon/config/keys.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string>
#include <vector>

#include "daemon/config/config_file.h"

namespace packetsentry::config {
namespace {

constexpr std::uint64_t kMiB = 1ULL << 20;

struct Number {
    const char* name;
    std::uint64_t low;
    std::uint64_t high;
    bool size = false;  // of bytes; low and high are in MiB
};

constexpr std::array kNumbers = {
    Number{"jobs.max", 1, 1024},
    Number{"jobs.max_per_user", 1, 1024},
    Number{"jobs.finished", 0, 10000},
    Number{"jobs.finished_minutes", 0, 525600},
    Number{"clients.max", 1, 65536},
    Number{"clients.max_per_user", 1, 65536},
    Number{"clients.streams_per_user", 1, 65536},
    Number{"clients.requests_per_second", 1, 1000000},
    Number{"clients.waiting", 1, 65536, true},
    Number{"clients.reader_seconds", 5, 86400},
    Number{"memory.window", 8, 65536, true},
    Number{"memory.kept", 8, 1048576, true},
    Number{"memory.ring", 1, 1024, true},
    Number{"memory.flows", 8, 1024, true},
    Number{"memory.rings_per_user", 1, 1048576, true},
    Number{"memory.rings", 1, 1048576, true},
    Number{"memory.outputs_per_user", 1, 1048576, true},
    Number{"captures.sockets_per_interface", 1, 1024},
    Number{"captures.sockets_per_user", 1, 65536},
    Number{"captures.filter_instructions", 1, 4096},
    Number{"captures.filter_instructions_per_interface", 1, 1048576},
    Number{"captures.compilers_per_user", 1, 1024},
    Number{"spool.bytes", 64, 1073741824, true},
    Number{"spool.free_disk", 1, 1073741824, true},
    Number{"spool.user_bytes", 1, 1073741824, true},
};
constexpr std::array kTexts = {"socket", "group",     "user",           "state_dir",
                               "policy", "log_level", "spool.directory"};
constexpr std::array kTimes = {"spool.sync_interval"};

const Key& key_of(const Number& number) {
    return *std::ranges::find(keys(), number.name, &Key::name);
}

std::uint64_t lowest(const Number& number) {
    return number.size ? number.low * kMiB : number.low;
}
std::uint64_t highest(const Number& number) {
    return number.size ? number.high * kMiB : number.high;
}

// The key in its table, as its file would have it.
base::Result<void> read(const Number& number, const std::string& value, Config& config) {
    const std::string name = number.name;
    const std::size_t dot = name.find('.');
    const std::string path = testing::TempDir() + "keys-" + std::to_string(::getpid()) + ".toml";
    std::ofstream(path) << "[" << name.substr(0, dot) << "]\n"
                        << name.substr(dot + 1) << " = " << value << "\n";
    return read_config_file(path, config);
}

std::string shown(const Number& number, std::uint64_t value) {
    return number.size && value % kMiB == 0 ? std::to_string(value / kMiB) + "MiB" : std::to_string(value);
}

void expect_taken(const Number& number, const std::string& text, std::uint64_t value) {
    Config config;
    const auto done = read(number, text, config);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(key_of(number).show(config), shown(number, value)) << number.name << " = " << text;
}

void expect_refused(const Number& number, const std::string& text) {
    Config config;
    const auto done = read(number, text, config);
    ASSERT_FALSE(done) << number.name << " = " << text;
    EXPECT_EQ(done.error().code, base::ErrorCode::usage);
    EXPECT_NE(done.error().message.find(".toml:2: "), std::string::npos) << done.error().message;
    EXPECT_EQ(done.error().message.find('\n'), std::string::npos) << done.error().message;
}

TEST(Keys, EveryKeyIsInATableHere) {
    std::vector<std::string> named(kTexts.begin(), kTexts.end());
    named.insert(named.end(), kTimes.begin(), kTimes.end());
    for (const Number& number : kNumbers) named.emplace_back(number.name);
    std::vector<std::string> there;
    for (const Key& key : keys()) there.emplace_back(key.name);
    std::ranges::sort(named);
    std::ranges::sort(there);
    EXPECT_EQ(named, there);
}

TEST(Keys, NumbersInRangeMeanWhatTheySay) {
    for (const Number& number : kNumbers) {
        for (const std::uint64_t value : {lowest(number), lowest(number) + 1, highest(number) - 1,
                                          highest(number), std::uint64_t{1} << 31, std::uint64_t{1} << 32}) {
            if (value < lowest(number) || value > highest(number)) continue;
            expect_taken(number, std::to_string(value), value);
            if (number.size) {
                expect_taken(number, "'" + std::to_string(value) + "'", value);
                expect_taken(number, "'" + std::to_string(value) + "B'", value);
            }
        }
    }
}

TEST(Keys, NumbersOutOfRangeAreRefusedInOneLineWithTheRange) {
    for (const Number& number : kNumbers) {
        std::vector<std::uint64_t> values = {highest(number) + 1, 1ULL << 31, 1ULL << 32, (1ULL << 63) - 1};
        if (lowest(number) > 0) values.insert(values.end(), {0, lowest(number) - 1});
        for (const std::uint64_t value : values) {
            if (value >= lowest(number) && value <= highest(number)) continue;
            Config config;
            const auto done = read(number, std::to_string(value), config);
            ASSERT_FALSE(done) << number.name << " = " << value;
            const std::string wanted = number.size ? "a size such as \"64MiB\", from " : "a number from ";
            EXPECT_NE(
                done.error().message.find(":2: '" + std::string(number.name) + "' must be " + wanted +
                                          std::to_string(number.low) + " to " + std::to_string(number.high)),
                std::string::npos)
                << done.error().message;
            if (number.size) expect_refused(number, "'" + std::to_string(value) + "B'");
        }
        for (const char* text : {"-1", "-9223372036854775808", "9223372036854775808", "18446744073709551615",
                                 "18446744073709551616"})
            expect_refused(number, text);
    }
}

TEST(Keys, WhatIsNoWholeNumberIsRefusedInOneLine) {
    for (const Number& number : kNumbers) {
        for (const char* text : {"",         "1e3",   "64.0",  "inf",        "nan",   "true",   "\u0663",
                                 "''",       "' 64'", "'+64'", "'-1'",       "'1e3'", "'0x40'", "'64.0MiB'",
                                 "'\u0663'", "'64s'", "[64]",  "1979-05-27", "0x",    "064"})
            expect_refused(number, text);
        if (number.size) {
            for (const char* text :
                 {"'64 '", "'64MiB '", "'64  MiB'", "'64mib'", "'64M'", "'64TiB'", "'MiB'",
                  "'18446744073709551615GiB'", "'17179869184GiB'", "'18014398509481984KiB'"})
                expect_refused(number, text);
        } else {
            expect_refused(number, "'64'");
        }
    }
}

// TOML has more ways to write a whole number.
TEST(Keys, OtherWaysToWriteANumberMeanTheSame) {
    for (const Number& number : kNumbers) {
        if (number.size) continue;
        for (const char* text : {"64", "+64", "0x40", "0o100", "0b1000000", "6_4"})
            expect_taken(number, text, 64);
    }
}

TEST(Keys, ATimeHasAUnitAndIsInItsRange) {
    const Number interval{"spool.sync_interval", 1, 3600};
    struct Time {
        const char* text;
        const char* shown;
    };
    for (const Time& time : {Time{"'1s'", "1s"}, Time{"'90s'", "90s"}, Time{"'2m'", "2m"},
                             Time{"'1m30s'", "90s"}, Time{"'60m'", "1h"}, Time{"'1h'", "1h"}}) {
        Config config;
        const auto done = read(interval, time.text, config);
        ASSERT_TRUE(done) << done.error().message;
        EXPECT_EQ(key_of(interval).show(config), time.shown);
    }
    for (const char* text :
         {"10", "'10'", "'0s'", "'999ms'", "'1001ms'", "'61m'", "'1h1s'", "'10 s'", "true"}) {
        Config config;
        const auto done = read(interval, text, config);
        ASSERT_FALSE(done) << text;
        EXPECT_NE(done.error().message.find(".toml:2: 'spool.sync_interval' must be a time such as \"10s\", "
                                            "with s, m, h or d, from 1s to 1h"),
                  std::string::npos)
            << done.error().message;
    }
}

TEST(Keys, EverySuffixOfASizeAtItsEdge) {
    struct Suffix {
        const char* text;
        std::uint64_t factor;
    };
    for (const Number& number : kNumbers) {
        if (!number.size) continue;
        for (const Suffix& suffix :
             {Suffix{"B", 1}, Suffix{"kB", 1000}, Suffix{"MB", 1'000'000}, Suffix{"GB", 1'000'000'000},
              Suffix{"KiB", 1ULL << 10}, Suffix{"MiB", 1ULL << 20}, Suffix{"GiB", 1ULL << 30}}) {
            const std::uint64_t most = highest(number) / suffix.factor;
            for (const char* blank : {"", " "}) {
                expect_taken(number, "'" + std::to_string(most) + blank + suffix.text + "'",
                             most * suffix.factor);
                expect_refused(number, "'" + std::to_string(most + 1) + blank + suffix.text + "'");
            }
        }
    }
}

}  // namespace
}  // namespace packetsentry::config
