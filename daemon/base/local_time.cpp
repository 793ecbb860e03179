#include "daemon/base/local_time.h"

#include <ctime>

namespace packetsentry::base {
namespace {

// No zone is so far from UTC.
constexpr std::int64_t kOneDay = 86'400;

// Seconds east of UTC.
std::int64_t offset_at(std::int64_t seconds) {
    const std::time_t time = seconds;
    std::tm parts{};
    ::localtime_r(&time, &parts);
    return parts.tm_gmtoff;
}

}  // namespace

std::int64_t from_local(std::int64_t shown, Repeated which) {
    const std::int64_t before = offset_at(shown - kOneDay);
    const std::int64_t after = offset_at(shown + kOneDay);
    const std::int64_t by_before = shown - before;
    const std::int64_t by_after = shown - after;
    const bool was = offset_at(by_before) == before;
    const bool will_be = offset_at(by_after) == after;
    if (was && will_be) return which == Repeated::first ? by_before : by_after;
    return will_be ? by_after : by_before;
}

std::int64_t to_local(std::int64_t seconds) {
    return seconds + offset_at(seconds);
}

}  // namespace packetsentry::base
