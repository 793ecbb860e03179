// The format "zeek": the lines of a log of Zeek's, separated by tabs, for everything that reads those.
// Each log is a file of its own, and a row in zeek_logs.h.
#include <algorithm>

#include "ctl/render/formats.h"
#include "ctl/render/zeek_logs.h"

namespace packetsentry::ctl::render {

// Rows of a table that has no log are written as the first.
std::unique_ptr<RowWriter> make_zeek_writer(const FormatSettings& settings) {
    const auto* const found = std::ranges::find(kZeekLogs, settings.table, &ZeekLog::table);
    return found == kZeekLogs.end() ? kZeekLogs.front().make() : found->make();
}

}  // namespace packetsentry::ctl::render
