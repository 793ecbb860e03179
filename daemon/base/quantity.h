// Sizes and durations as people write them: digits without sign, point or exponent, and a unit from a list. A
// text that is out of range is refused and never becomes another number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace packetsentry::base {

// What a number without a unit is.
enum class Bare : std::uint8_t {
    refused,
    taken,  // bytes of a size, seconds of a duration
};

// "10MiB", "64 KiB" → bytes. The units are B, kB, MB and GB, which are powers of 1000, and KiB, MiB and GiB,
// which are powers of 1024. None: text is no size of at most 64 bits.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text, Bare bare);

// 292 years, which is what 63 bits of nanoseconds hold.
inline constexpr std::uint64_t kLongestDuration = 9'223'372'036'000'000'000;

// "60s", "1h30m" → nanoseconds. The units are d, h, m, s and ms, each at most once and the larger ones first.
// None: text is no duration of at most kLongestDuration.
[[nodiscard]] std::optional<std::uint64_t> parse_duration(std::string_view text, Bare bare);

// Return the text in the largest unit that needs no fraction: 200 << 30 bytes as "200GiB", 90 minutes as
// "90m". parse_size() and parse_duration() read it back; a part of a millisecond is dropped.
[[nodiscard]] std::string size_text(std::uint64_t bytes);
[[nodiscard]] std::string duration_text(std::uint64_t nanoseconds);

// "100". None: text is no number of at most 64 bits.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text);

}  // namespace packetsentry::base
