#include "ctl/render/line.h"

#include "ctl/render/escape.h"

namespace packetsentry::ctl::render {
namespace {

void append_ends(TextBuffer& out, const RowText& row) {
    out.append(' ');
    out.append(row.source);
    out.append(" -> ");
    out.append(row.destination);
    out.append(' ');
    out.append(row.summary);
    out.append('\n');
}

}  // namespace

void append_line(TextBuffer& out, std::string_view time, const RowText& row) {
    out.append(time);
    out.append(" - ");
    out.append(row.word);
    append_ends(out, row);
}

void append_coloured_line(TextBuffer& out, std::string_view time, const RowText& row) {
    out.append(time);
    out.append(" - \x1b[36m");
    out.append(row.word);
    out.append("\x1b[0m");
    append_ends(out, row);
}

void append_block(TextBuffer& out, std::string_view time, const RowText& row) {
    out.append('[');
    out.append(time);
    out.append("] ");
    out.append(row.word);
    out.append("\nSource: ");
    out.append(row.source);
    out.append(" -> Destination: ");
    out.append(row.destination);
    out.append("\nSummary: ");
    out.append(row.summary);
    out.append("\n--------------------------------------------------\n");
}

void append_status_line(TextBuffer& out, std::string_view time, std::string_view text) {
    out.append(time);
    out.append(" - ");
    append_escaped(out, text);
    out.append('\n');
}

}  // namespace packetsentry::ctl::render
