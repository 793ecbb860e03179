#include "ctl/options/past_time.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "daemon/base/local_time.h"
#include "daemon/base/quantity.h"
#include "proto/query/literals.h"

namespace packetsentry::ctl {
namespace {

using Moment = std::optional<std::int64_t>;  // in nanoseconds since 1970; none: the text has another form

constexpr std::int64_t kNanoseconds = 1'000'000'000;
constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::int64_t kLastSecond = std::numeric_limits<std::int64_t>::max() / kNanoseconds - 1;
constexpr std::string_view kAgo = " ago";
constexpr std::size_t kShownOfText = 64;

// As std::chrono::weekday counts them.
constexpr std::array<std::string_view, 7> kWeekdays = {"sunday",   "monday", "tuesday", "wednesday",
                                                       "thursday", "friday", "saturday"};

std::int64_t floor_to(std::int64_t value, std::int64_t unit) {
    return value / unit - (value % unit < 0 ? 1 : 0);
}

std::chrono::sys_days day_of(std::int64_t days) {
    return std::chrono::sys_days(std::chrono::days(days));
}

// "2025-05-15"
std::string date_text(std::int64_t days) {
    const std::chrono::year_month_day date(day_of(days));
    std::array<char, 32> text{};
    const int size = std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", int(date.year()),
                                   unsigned(date.month()), unsigned(date.day()));
    return {text.data(), static_cast<std::size_t>(size)};
}

std::string in_lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

// A text that is read beside a present moment. Each function returns nothing if the text does not have
// the form that the function reads.
class PastTime {
  public:
    PastTime(std::int64_t now_ns, RangeEnd end)
        : now_ns_(now_ns),
          repeated_(end == RangeEnd::since ? base::Repeated::first : base::Repeated::second),
          today_(floor_to(base::to_local(floor_to(now_ns, kNanoseconds)), kDaySeconds)) {}

    [[nodiscard]] Moment read(std::string_view text) const {
        if (text == "now") return now_ns_;
        for (const auto form : {&PastTime::ago, &PastTime::since_1970, &PastTime::day_in_words,
                                &PastTime::clock_alone, &PastTime::date})
            if (const Moment moment = (this->*form)(text)) return moment;
        return std::nullopt;
    }

  private:
    [[nodiscard]] Moment ago(std::string_view text) const {
        if (text.ends_with(kAgo)) text.remove_suffix(kAgo.size());
        const auto duration = base::parse_duration(text, base::Bare::refused);
        if (!duration || std::cmp_greater(*duration, now_ns_)) return std::nullopt;
        return now_ns_ - static_cast<std::int64_t>(*duration);
    }

    [[nodiscard]] Moment since_1970(std::string_view text) const {
        if (!text.starts_with('@')) return std::nullopt;
        text.remove_prefix(1);
        const bool is_number = text.find_first_not_of("0123456789.") == std::string_view::npos;
        return is_number ? query::parse_time(text) : std::nullopt;
    }

    // "yesterday", "monday 07:30"
    [[nodiscard]] Moment day_in_words(std::string_view text) const {
        const std::size_t blank = std::min(text.find(' '), text.size());
        const std::string day = in_lower_case(text.substr(0, blank));
        const std::string_view clock = text.substr(blank);
        if (day == "today") return on_day(today_, clock, repeated_);
        if (day == "yesterday") return on_day(today_ - 1, clock, repeated_);
        const auto weekday = std::ranges::find_if(
            kWeekdays, [&](std::string_view name) { return day == name || day == name.substr(0, 3); });
        if (weekday == kWeekdays.end()) return std::nullopt;
        const std::chrono::weekday wanted(static_cast<unsigned>(weekday - kWeekdays.begin()));
        const std::chrono::days back = std::chrono::weekday(day_of(today_)) - wanted;
        return last_time(today_ - back.count(), kWeekdays.size(), clock);
    }

    [[nodiscard]] Moment clock_alone(std::string_view text) const {
        return last_time(today_, 1, " " + std::string(text));
    }

    [[nodiscard]] Moment date(std::string_view text) const {
        const auto written = query::read_written_time(text);
        return written ? moment_of(*written, repeated_) : std::nullopt;
    }

    // clock: empty, or begins with a blank. A zone behind it would not be that of the day.
    [[nodiscard]] Moment on_day(std::int64_t day, std::string_view clock, base::Repeated which) const {
        const auto written = query::read_written_time(date_text(day).append(clock));
        return written && !written->zone ? moment_of(*written, which) : std::nullopt;
    }

    // On this day, or, if that is still to come, so many days before it.
    [[nodiscard]] Moment last_time(std::int64_t day, std::size_t before, std::string_view clock) const {
        for (const base::Repeated which : {repeated_, base::Repeated::first}) {
            const Moment moment = on_day(day, clock, which);
            if (!moment || *moment <= now_ns_) return moment;
        }
        return on_day(day - static_cast<std::int64_t>(before), clock, repeated_);
    }

    [[nodiscard]] static Moment moment_of(const query::WrittenTime& written, base::Repeated which) {
        const std::int64_t seconds =
            written.zone ? written.shown - *written.zone : base::from_local(written.shown, which);
        if (seconds < 0 || seconds > kLastSecond) return std::nullopt;
        return seconds * kNanoseconds + written.nanosecond;
    }

    std::int64_t now_ns_;
    base::Repeated repeated_;
    std::int64_t today_;  // in days since 1970, local
};

}  // namespace

base::Result<std::int64_t> parse_past_time(std::string_view text, std::int64_t now_ns, RangeEnd end) {
    if (const Moment moment = PastTime(now_ns, end).read(text)) return *moment;
    return base::fail(base::ErrorCode::usage,
                      "'" + std::string(text.substr(0, kShownOfText)) +
                          "' is not a time: write 10m ago, 3h, 03:00, today 07:30, yesterday, monday 03:00, "
                          "2025-05-15, \"2025-05-15 03:00\", 2025-05-15T03:00:00Z, @1747278000 or now");
}

}  // namespace packetsentry::ctl
