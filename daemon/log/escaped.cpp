#include "daemon/log/escaped.h"

#include <array>
#include <cstdint>

namespace packetsentry::log {
namespace {

// The length of the UTF-8 character (RFC 3629) that text begins with; 0: none.
std::size_t character_size(std::string_view text) {
    struct Form {
        unsigned char mask, bits;
        std::uint32_t lowest;
    };
    constexpr std::array kForms = {Form{0x80, 0x00, 0}, Form{0xe0, 0xc0, 0x80}, Form{0xf0, 0xe0, 0x800},
                                   Form{0xf8, 0xf0, 0x10000}};
    const auto first = static_cast<unsigned char>(text[0]);
    for (std::size_t size = 1; size <= kForms.size() && size <= text.size(); ++size) {
        const Form& form = kForms[size - 1];
        if ((first & form.mask) != form.bits) continue;
        std::uint32_t value = first & static_cast<unsigned char>(~form.mask);
        for (std::size_t i = 1; i < size; ++i) {
            const auto next = static_cast<unsigned char>(text[i]);
            if ((next & 0xc0) != 0x80) return 0;
            value = value << 6 | (next & 0x3fU);
        }
        const bool surrogate = value >= 0xd800 && value <= 0xdfff;
        return value >= form.lowest && value <= 0x10ffff && !surrogate ? size : 0;
    }
    return 0;
}

// C0, DEL and C1 (which some terminals obey).
bool is_control(std::string_view character) {
    const auto first = static_cast<unsigned char>(character[0]);
    return first < 0x20 || first == 0x7f ||
           (first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0);
}

void append_hex(std::string& out, std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += "\\x";
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
    }
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t size = character_size(text);
        const std::string_view character = text.substr(0, size == 0 ? 1 : size);
        if (size == 0 || is_control(character))
            append_hex(out, character);
        else if (character == "\\")
            out += "\\\\";
        else
            out += character;
        text.remove_prefix(character.size());
    }
    return out;
}

}  // namespace packetsentry::log
