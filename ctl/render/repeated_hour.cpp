#include "ctl/render/repeated_hour.h"

namespace packetsentry::ctl::render {
namespace {

constexpr std::time_t kDay = 86'400;

// Seconds east of UTC.
long offset_at(std::time_t second) {
    std::tm parts{};
    ::localtime_r(&second, &parts);
    return parts.tm_gmtoff;
}

// The clocks show at this second, when they are own ahead of UTC, what they also show when they are other.
bool has_twin(std::time_t second, long own, long other) {
    return own != other && offset_at(second + own - other) == other;
}

}  // namespace

bool RepeatedHour::covers(std::time_t second, const std::tm& local) {
    const std::time_t day = second / kDay - (second % kDay < 0 ? 1 : 0);
    if (quiet_day_ == day) return false;
    const long own = local.tm_gmtoff;
    const bool quiet = offset_at((day - 1) * kDay) == own && offset_at((day + 2) * kDay) == own;
    if (quiet) quiet_day_ = day;
    return !quiet && (has_twin(second, own, offset_at(second - kDay)) ||
                      has_twin(second, own, offset_at(second + kDay)));
}

}  // namespace packetsentry::ctl::render
