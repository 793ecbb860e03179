#include "ctl/output/progress.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace packetsentry::ctl {
namespace {

std::string rate_text(double rate) {
    struct Scale {
        double least;
        double unit;
        const char* format;
    };
    constexpr std::array scales = {Scale{1e6, 1e6, "%.1f M"}, Scale{1e3, 1e3, "%.0f k"}, Scale{0, 1, "%.0f"}};
    const auto* scale = std::ranges::find_if(scales, [rate](const Scale& one) { return rate >= one.least; });
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), scale->format, rate / scale->unit);
    return text.data();
}

}  // namespace

std::string progress_text(const Progress& progress) {
    std::string text = std::to_string(progress.packets) + (progress.searches ? " packets found" : " packets");
    if (progress.size != 0) {
        const double share = static_cast<double>(progress.position) / static_cast<double>(progress.size);
        text += ", " + std::to_string(static_cast<int>(100 * std::min(share, 1.0))) + " %";
    }
    if (progress.seconds > 0 && !progress.searches)
        text += ", " + rate_text(static_cast<double>(progress.packets) / progress.seconds) + " packets/s";
    return text;
}

}  // namespace packetsentry::ctl
