#include "daemon/base/quantity.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <span>

namespace packetsentry::base {
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

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

// A number, and what follows it.
struct Part {
    std::uint64_t number = 0;
    std::string_view rest;
};

std::optional<Part> take_number(std::string_view text) {
    Part part;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, part.number);
    if (error != std::errc{}) return std::nullopt;
    part.rest = std::string_view(rest, end);
    return part;
}

// Null where there is no unit of that name.
const Unit* find_unit(std::span<const Unit> units, std::string_view suffix) {
    const auto found = std::ranges::find(units, suffix, &Unit::suffix);
    return found == units.end() ? nullptr : &*found;
}

std::optional<std::uint64_t> times(std::uint64_t number, std::uint64_t factor, std::uint64_t most) {
    if (number > most / factor) return std::nullopt;
    return number * factor;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

constexpr bool is_binary(const Unit& unit) {
    return unit.suffix.ends_with("iB");
}

// among: tells which units may be used. smallest: the unit where no larger one fits.
template <typename Among>
std::string text_in(std::span<const Unit> units, std::uint64_t amount, const Unit& smallest, Among among) {
    const Unit* best = &smallest;
    for (const Unit& unit : units)
        if (among(unit) && amount != 0 && amount % unit.factor == 0 && unit.factor > best->factor)
            best = &unit;
    return std::to_string(amount / best->factor) + std::string(best->suffix);
}

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) {
    const auto part = take_number(text);
    if (!part || !part->rest.empty()) return std::nullopt;
    return part->number;
}

std::optional<std::uint64_t> parse_size(std::string_view text, Bare bare) {
    const auto part = take_number(text);
    if (!part) return std::nullopt;
    std::string_view suffix = part->rest;
    if (suffix.empty()) return bare == Bare::taken ? std::optional(part->number) : std::nullopt;
    if (suffix.starts_with(' ')) suffix.remove_prefix(1);
    const Unit* const unit = find_unit(kSizes, suffix);
    return unit == nullptr ? std::nullopt : times(part->number, unit->factor, kMost);
}

// The units become smaller from part to part, so that none comes twice.
std::optional<std::uint64_t> parse_duration(std::string_view text, Bare bare) {
    if (text.empty()) return std::nullopt;
    if (const auto seconds = parse_number(text))
        return bare == Bare::taken ? times(*seconds, kSecond, kLongestDuration) : std::nullopt;
    std::uint64_t sum = 0;
    for (std::uint64_t before = kLongestDuration; !text.empty();) {
        const auto part = take_number(text);
        if (!part) return std::nullopt;
        const auto* const next = std::ranges::find_if(part->rest, is_digit);
        const auto size = static_cast<std::size_t>(next - part->rest.begin());
        const Unit* const unit = find_unit(kDurations, part->rest.substr(0, size));
        if (unit == nullptr || unit->factor >= before) return std::nullopt;
        const auto time = times(part->number, unit->factor, kLongestDuration - sum);
        if (!time) return std::nullopt;
        sum += *time;
        before = unit->factor;
        text = part->rest.substr(size);
    }
    return sum;
}

std::string size_text(std::uint64_t bytes) {
    return text_in(kSizes, bytes, kSizes.front(), is_binary);
}

std::string duration_text(std::uint64_t nanoseconds) {
    const Unit& smallest = kDurations.front();
    const std::uint64_t whole = nanoseconds - nanoseconds % smallest.factor;
    return text_in(kDurations, whole, smallest, [](const Unit&) { return true; });
}

}  // namespace packetsentry::base
