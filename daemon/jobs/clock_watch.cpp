#include "daemon/jobs/clock_watch.h"

#include <fmt/format.h>

#include <ctime>

namespace packetsentry::jobs {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

constexpr auto kAtOnce = 10ms;

nanoseconds reading(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

double seconds(nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

}  // namespace

std::optional<Clocks> Clocks::read() {
    const nanoseconds begin = reading(CLOCK_BOOTTIME);
    const Clocks clocks{reading(CLOCK_REALTIME), begin, reading(CLOCK_MONOTONIC)};
    if (reading(CLOCK_BOOTTIME) - begin > kAtOnce) return std::nullopt;
    return clocks;
}

std::optional<std::string> ClockWatch::look(const std::optional<Clocks>& now) {
    if (!now) return std::nullopt;
    const Clocks before = before_.value_or(*now);
    before_ = now;
    const nanoseconds passed = now->boot - before.boot;
    const nanoseconds set = now->wall - before.wall - passed;
    const nanoseconds slept = passed - (now->awake - before.awake);
    std::string text;
    if (slept >= kLeastSleep)
        text =
            fmt::format("the machine slept for {:.0f} s; packets of that time were not seen", seconds(slept));
    if (set >= kLeast || set <= -kLeast)
        text += fmt::format("{}the clock was set {} by {:.1f} s; times before and after cannot be compared",
                            text.empty() ? "" : "; ", set < 0ns ? "back" : "forward",
                            seconds(set < 0ns ? -set : set));
    return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace packetsentry::jobs
