#include "ctl/options/typed_quantity.h"

#include <gtest/gtest.h>

#include "ctl/options/end_conditions.h"

namespace packetsentry::ctl {
namespace {

struct TypedQuantityCase {
    const char* text;
    std::uint64_t value;  // 0: refused
};

TEST(Quantity, Sizes) {
    const TypedQuantityCase cases[] = {
        {"1B", 1},
        {"10kB", 10'000},
        {"10KiB", 10'240},
        {"3MB", 3'000'000},
        {"10MiB", 10U << 20},
        {"2GB", 2'000'000'000},
        {"1GiB", 1U << 30},
        {"10", 0},
        {"10M", 0},
        {"10 MiB", 0},
        {"0B", 0},
        {"-1B", 0},
        {"", 0},
        {"MiB", 0},
        {"1.5MiB", 0},
        {"10mib", 0},
        {"99999999999999999999B", 0},
        {"18446744073709551615GiB", 0},
    };
    for (const TypedQuantityCase& one : cases) {
        const auto value = parse_size(one.text);
        EXPECT_EQ(value.value_or(0), one.value) << one.text;
        if (!value) {
            EXPECT_EQ(value.error().code, base::ErrorCode::usage);
        }
    }
}

TEST(Quantity, Durations) {
    const TypedQuantityCase cases[] = {
        {"60s", 60'000'000'000},
        {"60", 60'000'000'000},
        {"250ms", 250'000'000},
        {"2m", 120'000'000'000},
        {"1h", 3'600'000'000'000},
        {"1d", 86'400'000'000'000},
        {"1h30m", 5'400'000'000'000},
        {"1d12h", 129'600'000'000'000},
        {"2m5s250ms", 125'250'000'000},
        {"1h0m1s", 3'601'000'000'000},
        {"106751d23h47m16s", 9'223'372'036'000'000'000},
        {"106751d23h47m17s", 0},
        {"106752d", 0},
        {"0s", 0},
        {"0h0m", 0},
        {"30m1h", 0},
        {"1h1h", 0},
        {"1h30", 0},
        {"30 m", 0},
        {"1h 30m", 0},
        {"h30m", 0},
        {"1H", 0},
        {"1.5h", 0},
        {"-1h", 0},
        {"", 0},
        {"s", 0},
        {"99999999999999h", 0},
    };
    for (const TypedQuantityCase& one : cases)
        EXPECT_EQ(parse_duration(one.text).value_or(0), one.value) << one.text;
}

TEST(Until, Conditions) {
    wire::Until until;
    EXPECT_TRUE(add_condition("duration:60s", until));
    EXPECT_TRUE(add_condition("filesize:10MiB", until));
    EXPECT_TRUE(add_condition("packets:100", until));
    EXPECT_TRUE(add_condition("packets:50", until));
    EXPECT_TRUE(add_condition("packets:70", until));
    EXPECT_EQ(until.duration_ns(), 60'000'000'000U);
    EXPECT_EQ(until.file_bytes(), 10U << 20);
    EXPECT_EQ(until.packets(), 50U);
    for (const char* bad :
         {"", "duration", "duration:", "filesize:10", "packets:0", "packets:x", "files:3", ":5"})
        EXPECT_FALSE(add_condition(bad, until)) << bad;
}

}  // namespace
}  // namespace packetsentry::ctl
