#include "ctl/render/packet_bytes.h"

#include <algorithm>
#include <array>

#include "ctl/render/link_header.h"

namespace packetsentry::ctl::render {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::size_t kBytesPerLine = 16;
constexpr std::size_t kHexWidth = 40;  // of a whole line, with the blank before each group

constexpr bool is_visible(char c) {
    return c > ' ' && c < '\x7f';
}

void append_hex(TextBuffer& out, std::uint8_t byte) {
    out.append(kHexDigits[byte >> 4]);
    out.append(kHexDigits[byte & 0xF]);
}

// "0x0010:", with more digits where four are too few.
void append_offset(TextBuffer& out, std::size_t offset) {
    std::size_t digits = 4;
    while (offset >> (4 * digits) != 0) ++digits;
    out.append("\t0x");
    while (digits-- > 0) out.append(kHexDigits[offset >> (4 * digits) & 0xF]);
    out.append(": ");
}

// Gives the width.
std::size_t append_groups(TextBuffer& out, std::string_view line) {
    const std::size_t begin = out.size();
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (i % 2 == 0) out.append(' ');
        append_hex(out, static_cast<std::uint8_t>(line[i]));
    }
    return out.size() - begin;
}

void append_characters(TextBuffer& out, std::string_view line) {
    for (const char c : line) out.append(is_visible(c) ? c : '.');
}

void append_hex_lines(TextBuffer& out, std::string_view bytes, bool with_characters) {
    for (std::size_t offset = 0; offset < bytes.size(); offset += kBytesPerLine) {
        const std::string_view line = bytes.substr(offset, kBytesPerLine);
        append_offset(out, offset);
        const std::size_t width = append_groups(out, line);
        if (with_characters) {
            for (std::size_t i = width; i < kHexWidth + 2; ++i) out.append(' ');
            append_characters(out, line);
        }
        out.append('\n');
    }
}

// As tcpdump, which leaves out the first half of a line break, and any carriage return of the last two bytes.
void append_text_lines(TextBuffer& out, std::string_view bytes) {
    out.append('\t');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (c == '\n')
            out.append("\n\t");
        else if (c != '\r')
            out.append(is_visible(c) || c == ' ' || c == '\t' ? c : '.');
        else if (i + 2 < bytes.size() && bytes[i + 1] != '\n')
            out.append('.');
    }
    out.append('\n');
}

}  // namespace

void append_bytes(TextBuffer& out, const BytesStyle& style, std::uint32_t link_type, std::string_view frame) {
    const std::size_t begin = style.link_header ? 0 : link_header_bytes(link_type, frame);
    if (begin >= frame.size()) return;
    const std::string_view bytes = frame.substr(begin);
    switch (style.form) {
        case BytesStyle::Form::none:
            return;
        case BytesStyle::Form::hex:
            return append_hex_lines(out, bytes, false);
        case BytesStyle::Form::hex_and_text:
            return append_hex_lines(out, bytes, true);
        case BytesStyle::Form::text:
            return append_text_lines(out, bytes);
    }
}

}  // namespace packetsentry::ctl::render
