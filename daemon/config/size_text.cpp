#include "daemon/config/size_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace packetsentry::config {
namespace {

struct Suffix {
    std::string_view text;
    std::uint64_t factor;
};

constexpr std::array kSuffixes = {
    Suffix{"", 1},
    Suffix{"B", 1},
    Suffix{"kB", 1000},
    Suffix{"MB", 1000 * 1000},
    Suffix{"GB", 1000 * 1000 * 1000},
    Suffix{"KiB", 1ULL << 10},
    Suffix{"MiB", 1ULL << 20},
    Suffix{"GiB", 1ULL << 30},
};

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
    if (rest.size() > 1 && rest.starts_with(' ')) rest.remove_prefix(1);
    const auto* suffix = std::ranges::find(kSuffixes, rest, &Suffix::text);
    if (suffix == kSuffixes.end()) return std::nullopt;
    if (number > std::numeric_limits<std::uint64_t>::max() / suffix->factor) return std::nullopt;
    return number * suffix->factor;
}

}  // namespace packetsentry::config
