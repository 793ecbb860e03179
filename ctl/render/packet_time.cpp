#include "ctl/render/packet_time.h"

#include <algorithm>
#include <charconv>
#include <ctime>

namespace packetsentry::ctl::render {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::size_t kFraction = 10;  // ".123456789"

constexpr std::array kNames = {
    TimeFormatName{"a", TimeFormat::a, "local time"},
    TimeFormatName{"ad", TimeFormat::ad, "local date and time"},
    TimeFormatName{"adoy", TimeFormat::adoy, "local year, day of the year and time"},
    TimeFormatName{"d", TimeFormat::d, "seconds since the previous packet"},
    TimeFormatName{"dd", TimeFormat::dd, "seconds since the previous packet that was shown"},
    TimeFormatName{"e", TimeFormat::e, "seconds since 1970"},
    TimeFormatName{"r", TimeFormat::r, "seconds since the first packet"},
    TimeFormatName{"u", TimeFormat::u, "UTC time"},
    TimeFormatName{"ud", TimeFormat::ud, "UTC date and time"},
    TimeFormatName{"udoy", TimeFormat::udoy, "UTC year, day of the year and time"},
};

const char* pattern(TimeFormat format) {
    switch (format) {
        case TimeFormat::a:
        case TimeFormat::u:
            return "%H:%M:%S";
        case TimeFormat::adoy:
        case TimeFormat::udoy:
            return "%Y/%j %H:%M:%S";
        case TimeFormat::rfc3339:
            return "%Y-%m-%dT%H:%M:%S";
        case TimeFormat::wireshark:
            return "%b %e, %Y %H:%M:%S";
        default:
            return "%Y-%m-%d %H:%M:%S";
    }
}

bool is_utc(TimeFormat format) {
    return format == TimeFormat::u || format == TimeFormat::ud || format == TimeFormat::udoy ||
           format == TimeFormat::rfc3339;
}

char* put_fraction(char* out, std::int64_t nanoseconds) {
    *out = '.';
    for (std::size_t i = kFraction - 1; i > 0; --i) {
        out[i] = static_cast<char>('0' + nanoseconds % 10);
        nanoseconds /= 10;
    }
    return out + kFraction;
}

// Wraps where a forged time would overflow.
std::int64_t difference(std::int64_t later, std::int64_t earlier) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(later) - static_cast<std::uint64_t>(earlier));
}

}  // namespace

std::span<const TimeFormatName> time_formats() {
    return kNames;
}

std::optional<TimeFormat> time_format(std::string_view name) {
    const auto* found = std::ranges::find(kNames, name, &TimeFormatName::name);
    if (found == kNames.end()) return std::nullopt;
    return found->format;
}

std::string time_format_names() {
    std::string names;
    for (const TimeFormatName& name : kNames) names += (names.empty() ? "" : ", ") + std::string(name.name);
    return names;
}

std::string_view PacketTime::text(std::int64_t time_ns) {
    switch (format_) {
        case TimeFormat::e:
            return seconds(time_ns);
        case TimeFormat::r:
            if (!first_ns_) first_ns_ = time_ns;
            return seconds(difference(time_ns, *first_ns_));
        case TimeFormat::d:
        case TimeFormat::dd: {
            const std::int64_t before = before_ns_.value_or(time_ns);
            before_ns_ = time_ns;
            return seconds(difference(time_ns, before));
        }
        default:
            return calendar(time_ns);
    }
}

std::string_view PacketTime::missing() const {
    return format_ == TimeFormat::fixed ? "0000-00-00 00:00:00" : "-";
}

std::string_view PacketTime::calendar(std::int64_t time_ns) {
    std::int64_t second = time_ns / kSecond;
    std::int64_t fraction = time_ns % kSecond;
    if (fraction < 0) {
        --second;
        fraction += kSecond;
    }
    if (second_ != second) break_down(second);
    char* end = text_.data() + size_;
    if (format_ != TimeFormat::fixed) end = put_fraction(end, fraction);
    if (format_ == TimeFormat::rfc3339) *end++ = 'Z';
    return {text_.data(), put_offset(end)};
}

char* PacketTime::put_offset(char* out) const {
    return std::copy_n(offset_.data(), offset_size_, out);
}

void PacketTime::break_down(std::int64_t second) {
    const auto time = static_cast<std::time_t>(second);
    std::tm parts{};
    if (is_utc(format_))
        ::gmtime_r(&time, &parts);
    else
        ::localtime_r(&time, &parts);
    size_ = std::strftime(text_.data(), text_.size() - kFraction - offset_.size(), pattern(format_), &parts);
    second_ = second;
    if (format_ == TimeFormat::wireshark) {
        offset_size_ = std::strftime(offset_.data(), offset_.size(), " %Z", &parts);
        return;
    }
    const bool twice = !is_utc(format_) && repeated_hour_.covers(time, parts);
    offset_size_ = twice ? std::strftime(offset_.data(), offset_.size(), "%z", &parts) : 0;
}

std::string_view PacketTime::seconds(std::int64_t difference_ns) {
    char* out = text_.data();
    if (difference_ns < 0) *out++ = '-';
    // Through unsigned, so that the smallest number has an opposite too.
    const auto magnitude = difference_ns < 0 ? 0 - static_cast<std::uint64_t>(difference_ns)
                                             : static_cast<std::uint64_t>(difference_ns);
    out = std::to_chars(out, text_.data() + text_.size(), magnitude / kSecond).ptr;
    out = put_fraction(out, static_cast<std::int64_t>(magnitude % kSecond));
    return {text_.data(), out};
}

std::string fixed_time(std::int64_t time_ns) {
    PacketTime time(TimeFormat::fixed);
    return std::string(time.text(time_ns));
}

std::string moment_text(std::int64_t time_ns) {
    return time_ns == 0 ? std::string() : fixed_time(time_ns);
}

}  // namespace packetsentry::ctl::render
