// Bytes from outside, made safe to print: no packet, file name or peer's message can move a cursor,
// colour a terminal or forge a line.
#pragma once

#include <string>
#include <string_view>

#include "ctl/render/text_buffer.h"

namespace packetsentry::ctl::render {

// Kept: printable ASCII and valid UTF-8. A backslash is doubled. Controls (C0, DEL, C1), bidirectional
// and invisible format characters, line separators and bytes that are no UTF-8 become \xNN each.
void append_escaped(TextBuffer& out, std::string_view bytes);
// Each byte becomes \xNN, whatever it is.
void append_hex_bytes(TextBuffer& out, std::string_view bytes);
// Does the same as append_escaped(), but a backslash stays as it is, as other programs print it; so \x41 may
// be a byte or four characters.
void append_printable(TextBuffer& out, std::string_view bytes);
[[nodiscard]] std::string escaped(std::string_view bytes);
[[nodiscard]] std::string printable(std::string_view bytes);  // as append_printable() does
// Printable ASCII without backslash and quote: goes out as it is, here and in JSON.
[[nodiscard]] bool is_plain(std::string_view bytes);

// A JSON string with its quotes (RFC 8259), always valid UTF-8. What append_escaped() would not print
// becomes \uNNNN; a byte that is no UTF-8 becomes the four characters \xNN. Backslashes of the text are
// doubled where they stand before such a byte or before x and two hexadecimal digits, so that every string
// stands for one row of bytes only: an odd number of backslashes before xNN ends with a byte, an even one
// does not.
void append_json_string(TextBuffer& out, std::string_view bytes);

// What protobuf's string fields take; its bytes fields take anything.
[[nodiscard]] bool is_utf8(std::string_view bytes);

}  // namespace packetsentry::ctl::render
