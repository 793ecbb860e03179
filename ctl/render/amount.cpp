#include "ctl/render/amount.h"

#include <array>
#include <cstdio>

namespace packetsentry::ctl::render {

std::string bytes_text(std::uint64_t bytes) {
    constexpr std::array units = {"B", "KiB", "MiB", "GiB", "TiB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    return text.data();
}

std::string duration_text(std::int64_t duration_ns) {
    const std::int64_t seconds = duration_ns / 1'000'000'000;
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%lld d %02lld:%02lld:%02lld",
                  static_cast<long long>(seconds / 86400), static_cast<long long>(seconds / 3600 % 24),
                  static_cast<long long>(seconds / 60 % 60), static_cast<long long>(seconds % 60));
    return text.data();
}

std::string short_duration_text(std::uint64_t duration_ns) {
    constexpr double kMillisecond = 1e6, kSecond = 1e9;
    const auto value = static_cast<double>(duration_ns);
    const bool is_short = value < kSecond;
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%.3f %s", value / (is_short ? kMillisecond : kSecond),
                  is_short ? "ms" : "s");
    return text.data();
}

}  // namespace packetsentry::ctl::render
