#include "proto/rows/tcp_flags.h"

#include <array>
#include <cstddef>

namespace packetsentry::rows {
namespace {

// "[SYN,ACK]" for each value of the flags byte.
struct FlagText {
    std::array<char, 33> characters{};
    std::size_t size = 0;

    [[nodiscard]] constexpr std::string_view bracketed() const { return {characters.data(), size}; }
    constexpr void put(std::string_view text) {
        for (const char c : text) characters[size++] = c;
    }
};

constexpr FlagText make_flag_text(std::size_t flags) {
    constexpr std::array<std::string_view, 8> names{"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};
    FlagText text;
    text.put("[");
    for (std::size_t bit = 0; bit < names.size(); ++bit) {
        if ((flags >> bit & 1) == 0) continue;
        if (text.size > 1) text.put(",");
        text.put(names[bit]);
    }
    text.put("]");
    return text;
}

constexpr auto kFlagTexts = [] {
    std::array<FlagText, 256> texts;
    for (std::size_t flags = 0; flags < texts.size(); ++flags) texts[flags] = make_flag_text(flags);
    return texts;
}();

}  // namespace

std::string_view bracketed_tcp_flags(std::uint8_t flags) {
    return kFlagTexts[flags].bracketed();
}

std::string_view tcp_flags_text(std::uint8_t flags) {
    const std::string_view text = bracketed_tcp_flags(flags);
    return text.substr(1, text.size() - 2);
}

}  // namespace packetsentry::rows
