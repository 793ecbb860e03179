#include "ctl/render/line.h"

#include "ctl/render/escape.h"

namespace packetsentry::ctl::render {
namespace {

constexpr std::string_view kWordColour = "\x1b[36m", kNoColour = "\x1b[0m";

}  // namespace

void append_line(TextBuffer& out, std::string_view time, const RowText& row) {
    out.append(time, " - ", row.word, " ", row.source, " -> ", row.destination, " ", row.summary, "\n");
}

void append_coloured_line(TextBuffer& out, std::string_view time, const RowText& row) {
    out.append(time, " - ", kWordColour, row.word, kNoColour, " ", row.source, " -> ", row.destination, " ",
               row.summary, "\n");
}

void append_block(TextBuffer& out, std::string_view time, const RowText& row) {
    out.append("[", time, "] ", row.word, "\nSource: ", row.source, " -> Destination: ", row.destination,
               "\nSummary: ", row.summary, "\n--------------------------------------------------\n");
}

void append_status_line(TextBuffer& out, std::string_view time, std::string_view text) {
    out.append(time, " - ");
    append_escaped(out, text);
    out.append('\n');
}

}  // namespace packetsentry::ctl::render
