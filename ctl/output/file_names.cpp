#include "ctl/output/file_names.h"

#include <time.h>

#include <array>

namespace packetsentry::ctl {
namespace {

constexpr std::size_t kDigits = 5;

std::string sortable(std::uint64_t number) {
    std::string digits = std::to_string(number);
    if (digits.size() <= kDigits) return std::string(kDigits - digits.size(), '0') + digits;
    return static_cast<char>('a' + static_cast<char>(digits.size() - kDigits - 1)) + digits;
}

}  // namespace

std::string numbered_name(std::string_view stem, std::string_view ending, std::uint64_t number,
                          std::int64_t seconds) {
    const auto time = static_cast<time_t>(seconds);
    tm shown{};
    ::localtime_r(&time, &shown);
    std::array<char, 32> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y%m%d%H%M%S", &shown);
    return std::string(stem) + "_" + sortable(number) + "_" + std::string(text.data(), size) +
           std::string(ending);
}

}  // namespace packetsentry::ctl
