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

std::optional<std::uint64_t> parse(std::string_view text, std::span<const Unit> units) {
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || number == 0) return std::nullopt;
    const auto unit = std::ranges::find(units, std::string_view(rest, end), &Unit::suffix);
    if (unit == units.end() || number > std::numeric_limits<std::uint64_t>::max() / unit->factor)
        return std::nullopt;
    return number * unit->factor;
}

base::Result<std::uint64_t> parse_or_fail(std::string_view text, std::span<const Unit> units,
                                          const char* wanted) {
    if (const auto value = parse(text, units)) return *value;
    return base::fail(base::ErrorCode::usage, "'" + std::string(text) + "' is not " + wanted);
}

}  // namespace

base::Result<std::uint64_t> parse_size(std::string_view text) {
    return parse_or_fail(text, kSizes,
                         "a size: write a number and B, kB, KiB, MB, MiB, GB or GiB, as in 10MiB");
}

base::Result<std::uint64_t> parse_duration(std::string_view text) {
    return parse_or_fail(text, kDurations, "a duration: write a number and ms, s, m or h, as in 60s");
}

base::Result<std::uint64_t> parse_count(std::string_view text) {
    return parse_or_fail(text, kCounts, "a number of packets greater than 0");
}

}  // namespace packetsentry::ctl
