#include "ctl/render/line.h"

#include "ctl/render/escape.h"

namespace packetsentry::ctl::render {
namespace {

constexpr std::string_view kWordColour = "\x1b[36m", kDim = "\x1b[2m", kNoColour = "\x1b[0m";

}  // namespace

std::string origin_mark(const RowOrigin& origin) {
    const std::string job =
        origin.job_name.empty() ? std::string() : " [job " + escaped(origin.job_name) + "]";
    return origin.context ? job + " [context]" : job;
}

void append_line(TextBuffer& out, std::string_view time, const RowText& row, std::string_view mark) {
    out.append(time, " - ", row.word, " ", row.source, " -> ", row.destination, " ", row.summary, mark, "\n");
}

void append_coloured_line(TextBuffer& out, std::string_view time, const RowText& row, std::string_view mark,
                          LineColour colour) {
    if (colour == LineColour::dim) {
        out.append(kDim, time, " - ", row.word, " ", row.source, " -> ", row.destination, " ", row.summary,
                   mark, kNoColour, "\n");
        return;
    }
    out.append(time, " - ", kWordColour, row.word, kNoColour, " ", row.source, " -> ", row.destination, " ",
               row.summary, mark, "\n");
}

void append_block(TextBuffer& out, std::string_view time, const RowText& row, std::string_view mark) {
    out.append("[", time, "] ", row.word, "\nSource: ", row.source, " -> Destination: ", row.destination,
               "\nSummary: ", row.summary, mark, "\n--------------------------------------------------\n");
}

void append_status_line(TextBuffer& out, std::string_view time, std::string_view text) {
    out.append(time, " - ");
    append_escaped(out, text);
    out.append('\n');
}

}  // namespace packetsentry::ctl::render
