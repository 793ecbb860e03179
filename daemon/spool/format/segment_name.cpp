#include "daemon/spool/format/segment_name.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace packetsentry::spool {
namespace {

using std::chrono::sys_days;

constexpr std::size_t kStemSize = 27;  // "0000000042-20261130T222328Z"
constexpr std::int64_t kDaySeconds = 86400;
constexpr std::array<std::string_view, 3> kEndings = {".rows", ".index", ".pcapng"};  // by SegmentFile

// The digits are the whole text.
std::optional<std::uint64_t> digits(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::string stem(const SegmentName& name) {
    const std::int64_t day = name.second / kDaySeconds;
    const std::chrono::year_month_day date{sys_days(std::chrono::days(day))};
    const std::int64_t left = name.second % kDaySeconds;
    std::array<char, 64> text{};
    const int size =
        std::snprintf(text.data(), text.size(), "%010llu-%04d%02u%02uT%02d%02d%02dZ",
                      static_cast<unsigned long long>(name.counter), int(date.year()), unsigned(date.month()),
                      unsigned(date.day()), int(left / 3600), int(left / 60 % 60), int(left % 60));
    return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace

SegmentName segment_name(std::uint64_t counter, std::int64_t created_ns) {
    return {counter, std::max<std::int64_t>(created_ns, 0) / 1'000'000'000};
}

std::string file_name(const SegmentName& name, SegmentFile file) {
    return stem(name) + std::string(kEndings.at(static_cast<std::size_t>(file)));
}

std::optional<ParsedName> parse_file_name(std::string_view text) {
    if (text.size() < kStemSize) return std::nullopt;
    const auto* const ending = std::ranges::find(kEndings, text.substr(kStemSize));
    const auto counter = digits(text.substr(0, 10));
    const auto year = digits(text.substr(11, 4));
    const auto month = digits(text.substr(15, 2));
    const auto day = digits(text.substr(17, 2));
    const auto hour = digits(text.substr(20, 2));
    const auto minute = digits(text.substr(22, 2));
    const auto second = digits(text.substr(24, 2));
    if (ending == kEndings.end() || !counter || !year || !month || !day || !hour || !minute || !second)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(int(*year)),
                                           std::chrono::month(unsigned(*month)),
                                           std::chrono::day(unsigned(*day))};
    if (*counter == 0 || !date.ok()) return std::nullopt;
    const std::int64_t days = sys_days(date).time_since_epoch().count();
    const ParsedName parsed{
        {*counter, days * kDaySeconds + static_cast<std::int64_t>((*hour * 60 + *minute) * 60 + *second)},
        static_cast<SegmentFile>(ending - kEndings.begin())};
    // Whatever is not written as we write it, such as an hour of 25, comes out differently.
    if (parsed.name.second < 0 || file_name(parsed.name, parsed.file) != text) return std::nullopt;
    return parsed;
}

std::optional<std::uint64_t> parse_job_directory(std::string_view text) {
    const auto job = digits(text);
    if (!job || *job == 0 || std::to_string(*job) != text) return std::nullopt;
    return job;
}

}  // namespace packetsentry::spool
