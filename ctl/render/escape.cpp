#include "ctl/render/escape.h"

#include <algorithm>
#include <cstdint>

#include "daemon/base/printable.h"

namespace packetsentry::ctl::render {
namespace {

using base::Character;

constexpr std::string_view kHex = "0123456789ABCDEF";

void append_utf16(TextBuffer& out, std::uint32_t unit) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) out.append(kHex[unit >> shift & 15]);
}

void append_json_code(TextBuffer& out, std::uint32_t code) {
    if (code < 0x10000) return append_utf16(out, code);
    append_utf16(out, 0xd800 + ((code - 0x10000) >> 10));
    append_utf16(out, 0xdc00 + ((code - 0x10000) & 0x3ff));
}

bool is_hex_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Tells whether backslashes that stand before this text would be taken for the beginning of a byte's four
// characters.
bool reads_as_byte(std::string_view text) {
    if (text.empty()) return false;
    if (!base::first_character(text).valid) return true;
    return text.size() >= 3 && text[0] == 'x' && is_hex_digit(text[1]) && is_hex_digit(text[2]);
}

// Backslashes are doubled where they could be mistaken, and only there, so that other texts stay as they are.
// Returns how many there were.
std::size_t append_json_backslashes(TextBuffer& out, std::string_view bytes) {
    const std::size_t count = std::min(bytes.find_first_not_of('\\'), bytes.size());
    const std::size_t times = reads_as_byte(bytes.substr(count)) ? 2 : 1;
    for (std::size_t i = 0; i < times * count; ++i) out.append("\\\\");
    return count;
}

void append_json_unit(TextBuffer& out, const Character& unit, std::string_view bytes) {
    if (!unit.valid) {
        out.append('\\');
        append_hex_bytes(out, bytes);
    } else if (unit.code == '"') {
        out.append('\\');
        out.append(bytes);
    } else if (unit.printable()) {
        out.append(bytes);
    } else {
        append_json_code(out, unit.code);
    }
}

enum class Backslash : std::uint8_t { doubled, kept };

void append_text_unit(TextBuffer& out, const Character& unit, std::string_view bytes, Backslash backslash) {
    if (unit.code == '\\' && backslash == Backslash::doubled)
        out.append("\\\\");
    else if (unit.printable())
        out.append(bytes);
    else
        append_hex_bytes(out, bytes);
}

void append_text_units(TextBuffer& out, std::string_view bytes, Backslash backslash) {
    while (!bytes.empty()) {
        const Character unit = base::first_character(bytes);
        append_text_unit(out, unit, bytes.substr(0, unit.size), backslash);
        bytes.remove_prefix(unit.size);
    }
}

void append_json_units(TextBuffer& out, std::string_view bytes) {
    while (!bytes.empty()) {
        if (bytes.front() == '\\') {
            bytes.remove_prefix(append_json_backslashes(out, bytes));
            continue;
        }
        const Character unit = base::first_character(bytes);
        append_json_unit(out, unit, bytes.substr(0, unit.size));
        bytes.remove_prefix(unit.size);
    }
}

}  // namespace

void append_hex_bytes(TextBuffer& out, std::string_view bytes) {
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out.append("\\x");
        out.append(kHex[byte >> 4]);
        out.append(kHex[byte & 15]);
    }
}

bool is_plain(std::string_view bytes) {
    // To the end in any case, so that it can go many bytes at a time.
    std::uint8_t other = 0;
    for (const char c : bytes) {
        const auto byte = static_cast<std::uint8_t>(c);
        other |= static_cast<std::uint8_t>(byte < 0x20 || byte >= 0x7f || byte == '\\' || byte == '"');
    }
    return other == 0;
}

void append_escaped(TextBuffer& out, std::string_view bytes) {
    if (is_plain(bytes)) return out.append(bytes);
    append_text_units(out, bytes, Backslash::doubled);
}

void append_printable(TextBuffer& out, std::string_view bytes) {
    if (is_plain(bytes)) return out.append(bytes);
    append_text_units(out, bytes, Backslash::kept);
}

std::string escaped(std::string_view bytes) {
    TextBuffer out;
    append_escaped(out, bytes);
    return std::string(out.view());
}

std::string printable(std::string_view bytes) {
    TextBuffer out;
    append_printable(out, bytes);
    return std::string(out.view());
}

void append_json_string(TextBuffer& out, std::string_view bytes) {
    out.append('"');
    if (is_plain(bytes))
        out.append(bytes);
    else
        append_json_units(out, bytes);
    out.append('"');
}

bool is_utf8(std::string_view bytes) {
    while (!bytes.empty()) {
        const Character unit = base::first_character(bytes);
        if (!unit.valid) return false;
        bytes.remove_prefix(unit.size);
    }
    return true;
}

}  // namespace packetsentry::ctl::render
