#include "ctl/quantity.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <span>
#include <string>

namespace packetsentry::ctl {
namespace {

struct Unit {
    std::string_view suffix;
    std::uint64_t factor;
};

constexpr std::array kSizes = {
    Unit{"B", 1},          Unit{"kB", 1000},      Unit{"MB", 1'000'000}, Unit{"GB", 1'000'000'000},
    Unit{"KiB", 1U << 10}, Unit{"MiB", 1U << 20}, Unit{"GiB", 1U << 30},
};

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::array kDurations = {
    Unit{"ms", kSecond / 1000}, Unit{"s", kSecond},        Unit{"", kSecond},
    Unit{"m", 60 * kSecond},    Unit{"h", 3600 * kSecond},
};

constexpr std::array kCounts = {Unit{"", 1}};

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 60;
constexpr std::uint64_t kLongest = 9'223'372'036 * kSecond;
constexpr std::uint64_t kMostPackets = std::numeric_limits<std::int64_t>::max();

// Nothing: it is no number with one of the units, or it is not within low and high.
std::optional<std::uint64_t> parse(std::string_view text, std::span<const Unit> units, std::uint64_t low,
                                   std::uint64_t high) {
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{}) return std::nullopt;
    const auto unit = std::ranges::find(units, std::string_view(rest, end), &Unit::suffix);
    if (unit == units.end() || number > high / unit->factor || number * unit->factor < low)
        return std::nullopt;
    return number * unit->factor;
}

std::unexpected<base::Error> is_not(std::string_view text, const std::string& wanted,
                                    base::ErrorCode code = base::ErrorCode::usage) {
    return base::fail(code, "'" + std::string(text) + "' is not " + wanted);
}

}  // namespace

base::Result<std::uint64_t> parse_size(std::string_view text) {
    if (const auto bytes = parse(text, kSizes, 1, kMostBytes)) return *bytes;
    return is_not(text,
                  "a size: write a number and B, kB, KiB, MB, MiB, GB or GiB, as in 10MiB, from 1B to "
                  "1073741824GiB");
}

base::Result<std::uint64_t> parse_duration(std::string_view text) {
    if (const auto time = parse(text, kDurations, 1, kLongest)) return *time;
    return is_not(text, "a duration: write a number and ms, s, m or h, as in 60s, from 1ms to 9223372036s");
}

base::Result<std::uint64_t> parse_count(std::string_view text) {
    return parse_number(text, {.noun = "a number of packets", .low = 1, .high = kMostPackets});
}

base::Result<std::uint64_t> parse_number(std::string_view text, const NumberKind& kind) {
    if (const auto number = parse(text, kCounts, kind.low, kind.high)) return *number;
    return is_not(text,
                  std::string(kind.noun) + ": write a number from " + std::to_string(kind.low) + " to " +
                      std::to_string(kind.high),
                  kind.code);
}

}  // namespace packetsentry::ctl
