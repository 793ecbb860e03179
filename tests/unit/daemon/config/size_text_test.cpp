#include "daemon/config/size_text.h"

#include <gtest/gtest.h>

namespace packetsentry::config {
namespace {

TEST(SizeText, ReadsSuffixes) {
    EXPECT_EQ(parse_size("0"), 0);
    EXPECT_EQ(parse_size("4096"), 4096);
    EXPECT_EQ(parse_size("7B"), 7);
    EXPECT_EQ(parse_size("10kB"), 10'000);
    EXPECT_EQ(parse_size("10KiB"), 10'240);
    EXPECT_EQ(parse_size("64 MiB"), 67'108'864);
    EXPECT_EQ(parse_size("2MB"), 2'000'000);
    EXPECT_EQ(parse_size("1GB"), 1'000'000'000);
    EXPECT_EQ(parse_size("1GiB"), 1'073'741'824);
}

TEST(SizeText, RefusesTheRest) {
    for (const char* text : {"", " ", "MiB", "-1", "1.5MiB", "10K", "10M", "10mib", "10MiB ", "10  MiB",
                             "18446744073709551616", "18446744073709551615KiB"})
        EXPECT_EQ(parse_size(text), std::nullopt) << text;
}

}  // namespace
}  // namespace packetsentry::config
