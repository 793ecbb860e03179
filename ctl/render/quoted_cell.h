// Cells of tables as text.
#pragma once

#include <string_view>

#include "ctl/render/text_buffer.h"

namespace packetsentry::ctl::render {

// Tells a program that the text is UTF-8.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Between two marks; each mark in the text is doubled.
inline void append_quoted(TextBuffer& out, std::string_view text, char mark) {
    out.append(mark);
    while (!text.empty()) {
        const std::size_t size = text.find(mark);
        out.append(text.substr(0, size));
        if (size == std::string_view::npos) break;
        out.append(mark);
        out.append(mark);
        text.remove_prefix(size + 1);
    }
    out.append(mark);
}

}  // namespace packetsentry::ctl::render
