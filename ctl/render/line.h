// The two fixed formats of a packet: a line, and a block of the results file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ctl/render/row_batch.h"
#include "ctl/render/row_text.h"
#include "ctl/render/text_buffer.h"

namespace packetsentry::ctl::render {

// What stands behind the summary of each row of these: " [job night]", so that rows of several jobs can be
// told apart, and " [context]" where they are only near rows that were found. The name is escaped here.
[[nodiscard]] std::string origin_mark(const RowOrigin& origin);

// "2025-05-15 10:30:01 - DNS 192.168.1.100 -> 8.8.8.8 DNS example.com\n". mark: origin_mark().
void append_line(TextBuffer& out, std::string_view time, const RowText& row, std::string_view mark = {});

// Appends the line for a terminal: with the protocol's word in colour, or all of it dim.
enum class LineColour : std::uint8_t { word, dim };
void append_coloured_line(TextBuffer& out, std::string_view time, const RowText& row,
                          std::string_view mark = {}, LineColour colour = LineColour::word);

// [2025-05-15 10:30:01] TCP
// Source: 192.168.1.100 -> Destination: 8.8.8.8
// Summary: TCP 12345 -> 80
// --------------------------------------------------
void append_block(TextBuffer& out, std::string_view time, const RowText& row, std::string_view mark = {});

// "2025-05-15 10:30:00 - Starting capture on eth0 (filter: none)\n"; text is escaped here.
void append_status_line(TextBuffer& out, std::string_view time, std::string_view text);

}  // namespace packetsentry::ctl::render
