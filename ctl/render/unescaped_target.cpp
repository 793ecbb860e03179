#include "ctl/render/unescaped_target.h"

#include <charconv>
#include <optional>

namespace packetsentry::ctl::render {
namespace {

constexpr std::size_t kEscapeBytes = 3;  // "%2F"

std::optional<char> escaped_byte(std::string_view escape) {
    if (escape.size() < kEscapeBytes || escape.front() != '%') return std::nullopt;
    unsigned byte = 0;
    const char* const end = escape.data() + kEscapeBytes;
    const auto [stopped, error] = std::from_chars(escape.data() + 1, end, byte, 16);
    if (error != std::errc() || stopped != end) return std::nullopt;
    return static_cast<char>(byte);
}

}  // namespace

std::string_view UnescapedTarget::of(std::string_view target) {
    std::size_t escape = target.find('%');
    if (escape == target.npos) return target;
    text_.clear();
    while (escape != target.npos) {
        text_.append(target.substr(0, escape));
        target.remove_prefix(escape);
        const auto byte = escaped_byte(target);
        text_ += byte.value_or('%');
        target.remove_prefix(byte ? kEscapeBytes : 1);
        escape = target.find('%');
    }
    return text_.append(target);
}

}  // namespace packetsentry::ctl::render
