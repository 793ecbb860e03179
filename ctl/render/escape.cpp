#include "ctl/render/escape.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace packetsentry::ctl::render {
namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

// One code point, or one byte that belongs to none (size 1, valid false).
struct Unit {
    std::uint32_t code = 0;
    std::size_t size = 1;
    bool valid = false;
};

struct Lead {
    std::size_t size;
    std::uint32_t bits;
    std::uint32_t lowest;  // smaller code points have a shorter form
};

Lead lead_of(unsigned char byte) {
    if (byte >= 0xc2 && byte <= 0xdf) return {2, byte & 0x1FU, 0x80};
    if (byte >= 0xe0 && byte <= 0xef) return {3, byte & 0x0FU, 0x800};
    if (byte >= 0xf0 && byte <= 0xf4) return {4, byte & 0x07U, 0x10000};
    return {0, 0, 0};
}

// bytes not empty. RFC 3629.
Unit next_unit(std::string_view bytes) {
    const auto first = static_cast<unsigned char>(bytes.front());
    if (first < 0x80) return {first, 1, true};
    const Lead lead = lead_of(first);
    if (lead.size == 0 || bytes.size() < lead.size) return {};
    std::uint32_t code = lead.bits;
    for (std::size_t i = 1; i < lead.size; ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        if ((byte & 0xc0) != 0x80) return {};
        code = code << 6 | (byte & 0x3fU);
    }
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    if (code < lead.lowest || code > 0x10ffff || surrogate) return {};
    return {code, lead.size, true};
}

struct Range {
    std::uint32_t first;
    std::uint32_t last;
};

// Ascending: controls, then what is invisible, reorders text or breaks lines.
constexpr std::array kUnprintable = {
    Range{0x00, 0x1f},       Range{0x7f, 0x9f},       Range{0xad, 0xad},     Range{0x034f, 0x034f},
    Range{0x061c, 0x061c},   Range{0x180b, 0x180f},   Range{0x200b, 0x200f}, Range{0x2028, 0x202e},
    Range{0x2060, 0x206f},   Range{0xfeff, 0xfeff},   Range{0xfff9, 0xfffb}, Range{0x1bca0, 0x1bca3},
    Range{0x1d173, 0x1d17a}, Range{0xe0000, 0xe0fff},
};

bool printable(std::uint32_t code) {
    const auto* range = std::ranges::lower_bound(kUnprintable, code, {}, &Range::last);
    return range == kUnprintable.end() || code < range->first;
}

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

void append_json_unit(TextBuffer& out, const Unit& unit, std::string_view bytes) {
    if (!unit.valid) {
        out.append('\\');
        append_hex_bytes(out, bytes);
    } else if (unit.code == '"' || unit.code == '\\') {
        out.append('\\');
        out.append(bytes);
    } else if (printable(unit.code)) {
        out.append(bytes);
    } else {
        append_json_code(out, unit.code);
    }
}

void append_text_unit(TextBuffer& out, const Unit& unit, std::string_view bytes) {
    if (unit.code == '\\')
        out.append("\\\\");
    else if (unit.valid && printable(unit.code))
        out.append(bytes);
    else
        append_hex_bytes(out, bytes);
}

template <typename AppendUnit>
void append_units(TextBuffer& out, std::string_view bytes, AppendUnit append_unit) {
    while (!bytes.empty()) {
        const Unit unit = next_unit(bytes);
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
    append_units(out, bytes, [](TextBuffer& to, const Unit& unit, std::string_view text) {
        to.append(unit.valid ? text : "?");
    });
    return std::string(out.view());
}

bool is_utf8(std::string_view bytes) {
    return as_utf8(bytes) == bytes;
}

}  // namespace packetsentry::ctl::render
