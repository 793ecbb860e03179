// The bytes of a packet below its line, as tcpdump prints them.
#pragma once

#include <cstdint>
#include <string_view>

#include "ctl/render/text_buffer.h"

namespace packetsentry::ctl::render {

struct BytesStyle {
    enum class Form : std::uint8_t {
        none,
        hex,           // "\t0x0000:  4500 003c 1c46 4000 …"
        hex_and_text,  // the same, and the characters behind
        text,          // the characters alone
    };
    Form form = Form::none;
    bool link_header = false;  // with it; otherwise from the network layer on

    [[nodiscard]] bool shown() const { return form != Form::none; }
};

// Each line begins with a tab, also in Form::text, where tcpdump has none: the line of a packet begins with
// no tab, so a packet whose text has line breaks cannot forge one. Bytes that are no printable ASCII become
// dots, except blanks, tabs and line breaks in Form::text. Nothing is appended for Form::none, and where the
// frame ends before the network layer.
void append_bytes(TextBuffer& out, const BytesStyle& style, std::uint32_t link_type, std::string_view frame);

}  // namespace packetsentry::ctl::render
