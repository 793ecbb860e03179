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
    Unit{"ms", kSecond / 1000}, Unit{"s", kSecond},          Unit{"m", 60 * kSecond},
    Unit{"h", 3600 * kSecond},  Unit{"d", 86'400 * kSecond},
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

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// The first number with its unit, taken off the text.
std::string_view take_part(std::string_view& text) {
    const auto* const unit = std::ranges::find_if_not(text, is_digit);
    const auto* const next = std::find_if(unit, text.end(), is_digit);
    const auto size = static_cast<std::size_t>(next - text.begin());
    const std::string_view part = text.substr(0, size);
    text.remove_prefix(size);
    return part;
}

// Gives the unit that a part ends with, and 0 where it ends with none of the names above.
std::uint64_t unit_of(std::string_view part) {
    const auto* const begin = std::ranges::find_if_not(part, is_digit);
    const auto unit = std::ranges::find(kDurations, std::string_view(begin, part.end()), &Unit::suffix);
    return unit == kDurations.end() ? 0 : unit->factor;
}

// "1h30m": the units become smaller from part to part, so that none comes twice.
std::optional<std::uint64_t> parse_parts(std::string_view text) {
    std::uint64_t sum = 0;
    for (std::uint64_t before = kLongest; !text.empty();) {
        const std::string_view part = take_part(text);
        const auto time = parse(part, kDurations, 0, kLongest - sum);
        if (!time || unit_of(part) >= before) return std::nullopt;
        before = unit_of(part);
        sum += *time;
    }
    return sum == 0 ? std::nullopt : std::optional(sum);
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
    if (const auto seconds = parse(text, kCounts, 1, kLongest / kSecond)) return *seconds * kSecond;
    if (const auto time = parse_parts(text)) return *time;
    return is_not(text,
                  "a duration: write numbers with d, h, m, s or ms, as in 60s or 1h30m, from 1ms to "
                  "9223372036s");
}

base::Result<std::uint64_t> parse_count(std::string_view text) {
    return parse_number(
        text, {.noun = "a number of packets", .low = 1, .high = kMostPackets, .example = "packets:100"});
}

base::Result<std::uint64_t> parse_number(std::string_view text, const NumberKind& kind) {
    if (const auto number = parse(text, kCounts, kind.low, kind.high)) return *number;
    return is_not(text,
                  std::string(kind.noun) + ": write a number from " + std::to_string(kind.low) + " to " +
                      std::to_string(kind.high) + ", as in " + kind.example,
                  kind.code);
}

}  // namespace packetsentry::ctl
