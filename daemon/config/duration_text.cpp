#include "daemon/config/duration_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

namespace packetsentry::config {
namespace {

struct Unit {
    std::string_view letter;
    std::int64_t seconds;
};

constexpr std::array kUnits = {Unit{"s", 1}, Unit{"m", 60}, Unit{"h", 3600}, Unit{"d", 86400}};

}  // namespace

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || number < 0) return std::nullopt;
    const auto* unit = std::ranges::find(kUnits, std::string_view(rest, end), &Unit::letter);
    if (unit == kUnits.end() || number > std::numeric_limits<std::int64_t>::max() / unit->seconds)
        return std::nullopt;
    return std::chrono::seconds(number * unit->seconds);
}

}  // namespace packetsentry::config
