#include "daemon/log/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <thread>

namespace packetsentry::log {
namespace {

using testing::MatchesRegex;

constexpr std::string_view kWhen = "[0-9]+-[0-9]+-[0-9]+ [0-9]+:[0-9]+:[0-9]+[.][0-9]+";

// What is written of one line where the clocks show the time of a zone.
std::string line_in(const char* zone) {
    ::setenv("TZ", zone, 1);
    ::tzset();
    testing::internal::CaptureStderr();
    tell(Event::started, {}, std::string_view("begun"));
    return testing::internal::GetCapturedStderr();
}

// In autumn the clocks show an hour twice, and only the offset tells which one. It is looked up each second,
// as the time is, so this waits for the next one.
TEST(Log, ALineTellsHowFarItsTimeIsAheadOfUtc) {
    const auto line = [](const std::string& offset) {
        return MatchesRegex(std::string(kWhen) + offset + " info: begun\n");
    };
    EXPECT_THAT(line_in("SUMMER-2"), line("[+]02:00"));
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));
    EXPECT_THAT(line_in("WINTER-1"), line("[+]01:00"));
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));
    EXPECT_THAT(line_in("WEST3:30"), line("-03:30"));
    ::unsetenv("TZ");
    ::tzset();
}

}  // namespace
}  // namespace packetsentry::log
