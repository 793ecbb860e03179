#include "daemon/config/duration_text.h"

#include <gtest/gtest.h>

namespace packetsentry::config {
namespace {

using namespace std::chrono_literals;

TEST(DurationText, ReadsUnits) {
    EXPECT_EQ(parse_duration("90s"), 90s);
    EXPECT_EQ(parse_duration("15m"), 15min);
    EXPECT_EQ(parse_duration("24h"), 24h);
    EXPECT_EQ(parse_duration("7d"), 7 * 24h);
}

TEST(DurationText, RefusesTheRest) {
    for (const char* text : {"", "h", "24", "-1h", "1.5h", "1 h", "1H", "1ms", "9223372036854775807d"})
        EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

}  // namespace
}  // namespace packetsentry::config
