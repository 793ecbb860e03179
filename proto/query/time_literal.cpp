// Times as they are written: ISO 8601 with its parts left out from the right, Wireshark's own form, and
// seconds.
#include <array>
#include <chrono>
#include <cstdio>
#include <limits>

#include "daemon/base/local_time.h"
#include "proto/query/literals.h"

namespace packetsentry::query {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kLastSecond =
    std::numeric_limits<std::int64_t>::max() / kSecond - 1;  // in the year 2262
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Civil {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    std::int64_t nanosecond = 0;

    [[nodiscard]] bool valid() const {
        using namespace std::chrono;
        const year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                  std::chrono::day(static_cast<unsigned>(day))};
        return date.ok() && year >= 1970 && year < 2262 && hour < 24 && minute < 60 && second < 61;
    }
    // Seconds since 1970, were it UTC.
    [[nodiscard]] std::int64_t as_utc() const {
        using namespace std::chrono;
        const sys_days days =
            year_month_day{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                           std::chrono::day(static_cast<unsigned>(day))};
        return days.time_since_epoch().count() * 86400LL + hour * 3600 + minute * 60 + second;
    }
};

// Reads from the left; whoever reads looks at failed() at the end.
class Reader {
  public:
    explicit Reader(std::string_view text) : left_(text) {}

    int digits(std::size_t least, std::size_t most) {
        int value = 0;
        std::size_t count = 0;
        for (; count < most && is_digit(); ++count) value = value * 10 + (take() - '0');
        if (count < least) failed_ = true;
        return value;
    }
    // The digits behind a point, as nanoseconds; more than nine are dropped.
    std::int64_t fraction() {
        if (!accept('.') && !accept(',')) return 0;
        std::int64_t value = 0, unit = kSecond;
        if (!is_digit()) failed_ = true;
        while (is_digit()) {
            unit /= 10;
            value += unit * (take() - '0');
        }
        return value;
    }
    bool accept(char c) {
        if (left_.empty() || left_.front() != c) return false;
        left_.remove_prefix(1);
        return true;
    }
    void expect(char c) {
        if (!accept(c)) failed_ = true;
    }
    int month_name() {
        for (std::size_t i = 0; i < kMonths.size(); ++i)
            if (left_.starts_with(kMonths[i])) {
                left_.remove_prefix(kMonths[i].size());
                return static_cast<int>(i) + 1;
            }
        failed_ = true;
        return 0;
    }
    [[nodiscard]] bool is_digit() const {
        return !left_.empty() && left_.front() >= '0' && left_.front() <= '9';
    }
    [[nodiscard]] bool empty() const { return left_.empty(); }
    [[nodiscard]] bool failed() const { return failed_; }

  private:
    char take() {
        const char c = left_.front();
        left_.remove_prefix(1);
        return c;
    }

    std::string_view left_;
    bool failed_ = false;
};

void read_date(Reader& at, Civil& civil) {
    if (at.is_digit()) {
        civil.year = at.digits(4, 4);
        at.expect('-');
        civil.month = at.digits(2, 2);
        at.expect('-');
        civil.day = at.digits(2, 2);
        return;
    }
    civil.month = at.month_name();
    at.expect(' ');
    civil.day = at.digits(1, 2);
    at.accept(',');
    at.expect(' ');
    civil.year = at.digits(4, 4);
}

void read_clock(Reader& at, Civil& civil) {
    civil.hour = at.digits(2, 2);
    at.expect(':');
    civil.minute = at.digits(2, 2);
    if (!at.accept(':')) return;
    civil.second = at.digits(2, 2);
    civil.nanosecond = at.fraction();
}

// "Z", "UTC", "+01:00", "-0530" → seconds east of UTC; none: there is no zone.
std::optional<int> read_zone(Reader& at) {
    at.accept(' ');
    if (at.empty()) return std::nullopt;
    if (at.accept('Z')) return 0;
    if (at.accept('U')) {
        at.expect('T');
        at.expect('C');
        return 0;
    }
    const bool west = at.accept('-');
    if (!west) at.expect('+');
    const int hours = at.digits(2, 2);
    at.accept(':');
    const int seconds = hours * 3600 + at.digits(2, 2) * 60;
    return west ? -seconds : seconds;
}

std::optional<std::int64_t> parse_seconds(std::string_view text) {
    std::int64_t seconds = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
        seconds = seconds * 10 + (text[digits] - '0');
        if (seconds > kLastSecond) return std::nullopt;
    }
    Reader behind(text.substr(digits));
    const std::int64_t nanoseconds = behind.fraction();
    if (digits == 0 || behind.failed() || !behind.empty()) return std::nullopt;
    return seconds * kSecond + nanoseconds;
}

}  // namespace

std::optional<WrittenTime> read_written_time(std::string_view text) {
    Reader at(text);
    Civil civil;
    std::optional<int> zone;
    read_date(at, civil);
    if (!at.empty()) {
        if (!at.accept('T')) at.expect(' ');
        read_clock(at, civil);
        zone = read_zone(at);
    }
    if (at.failed() || !at.empty() || !civil.valid()) return std::nullopt;
    return WrittenTime{civil.as_utc(), civil.nanosecond, zone};
}

std::optional<std::int64_t> parse_time(std::string_view text) {
    if (const auto seconds = parse_seconds(text)) return seconds;
    const auto written = read_written_time(text);
    if (!written) return std::nullopt;
    const std::int64_t seconds = written->zone ? written->shown - *written->zone
                                               : base::from_local(written->shown, base::Repeated::first);
    return seconds * kSecond + written->nanosecond;
}

std::string time_text(std::int64_t nanoseconds) {
    using namespace std::chrono;
    const sys_time<std::chrono::nanoseconds> time{std::chrono::nanoseconds(nanoseconds)};
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    std::array<char, 64> text{};
    const int size = std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%09dZ",
                                   int(date.year()), unsigned(date.month()), unsigned(date.day()),
                                   int(clock.hours().count()), int(clock.minutes().count()),
                                   int(clock.seconds().count()), int(clock.subseconds().count()));
    return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace packetsentry::query
