#include "ctl/render/escape.h"

#include <cstdint>

#include "daemon/base/printable.h"

namespace packetsentry::ctl::render {
namespace {

using base::Character;

constexpr std::string_view kHex = "0123456789ABCDEF";

void append_hex_bytes(TextBuffer& out, std::string_view bytes) {
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out.append("\\x");
        out.append(kHex[byte >> 4]);
        out.append(kHex[byte & 15]);
    }
}

void append_utf16(TextBuffer& out, std::uint32_t unit) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) out.append(kHex[unit >> shift & 15]);
}

void append_json_code(TextBuffer& out, std::uint32_t code) {
    if (code < 0x10000) return append_utf16(out, code);
    append_utf16(out, 0xd800 + ((code - 0x10000) >> 10));
    append_utf16(out, 0xdc00 + ((code - 0x10000) & 0x3ff));
}

void append_json_unit(TextBuffer& out, const Character& unit, std::string_view bytes) {
    if (!unit.valid) {
        out.append('\\');
        append_hex_bytes(out, bytes);
    } else if (unit.code == '"' || unit.code == '\\') {
        out.append('\\');
        out.append(bytes);
    } else if (unit.printable()) {
        out.append(bytes);
    } else {
        append_json_code(out, unit.code);
    }
}

void append_text_unit(TextBuffer& out, const Character& unit, std::string_view bytes) {
    if (unit.code == '\\')
        out.append("\\\\");
    else if (unit.printable())
        out.append(bytes);
    else
        append_hex_bytes(out, bytes);
}

template <typename AppendUnit>
void append_units(TextBuffer& out, std::string_view bytes, AppendUnit append_unit) {
    while (!bytes.empty()) {
        const Character unit = base::first_character(bytes);
        append_unit(out, unit, bytes.substr(0, unit.size));
        bytes.remove_prefix(unit.size);
    }
}

}  // namespace

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
    append_units(out, bytes, append_text_unit);
}

std::string escaped(std::string_view bytes) {
    TextBuffer out;
    append_escaped(out, bytes);
    return std::string(out.view());
}

void append_json_string(TextBuffer& out, std::string_view bytes) {
    out.append('"');
    if (is_plain(bytes))
        out.append(bytes);
    else
        append_units(out, bytes, append_json_unit);
    out.append('"');
}

std::string as_utf8(std::string_view bytes) {
    TextBuffer out;
    append_units(out, bytes, [](TextBuffer& to, const Character& unit, std::string_view text) {
        to.append(unit.valid ? text : "?");
    });
    return std::string(out.view());
}

bool is_utf8(std::string_view bytes) {
    return as_utf8(bytes) == bytes;
}

}  // namespace packetsentry::ctl::render
