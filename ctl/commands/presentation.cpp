#include "ctl/commands/presentation.h"

#include <chrono>
#include <string>
#include <vector>

#include "ctl/output/complaint.h"
#include "ctl/output/formatted_output.h"
#include "ctl/render/joined_words.h"
#include "proto/words/table_names.h"

namespace packetsentry::ctl {

namespace {

// "-T zeek is a format of flows, dns, http and tls: add --table flows, --table dns, --table http or --table
// tls".
std::string refusal_of(const render::Format& format) {
    std::vector<std::string> names, options;
    for (const wire::Table table : format.only) {
        names.emplace_back(proto::name_of_table(table));
        options.push_back("--table " + names.back());
    }
    return "-T " + std::string(format.name) + " is a format of " + render::joined_words(names) + ": add " +
           render::joined_words(options, " or ");
}

base::Result<void> check_table(const Presentation& how) {
    if (!how.shown.format->is_for(how.table))
        return base::fail(base::ErrorCode::usage, refusal_of(*how.shown.format));
    if (how.table == wire::TABLE_PACKETS || !how.packet.bytes()) return {};
    PacketOptions bytes = how.packet;
    bytes.details = 0;
    const std::string given(bytes.given());
    return base::fail(base::ErrorCode::usage, given + " shows the bytes of packets, and a " +
                                                  std::string(proto::one_of_table(how.table)) +
                                                  " has none: leave --table out, or " + given);
}

}  // namespace

std::int64_t now_ns() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

base::Result<void> check_presentation(const Presentation& how) {
    if (auto checked = check_table(how); !checked) return checked;
    if (!how.shown.option.empty() && how.stdout_taken)
        return base::fail(
            base::ErrorCode::usage,
            std::string(how.shown.option) + " and '-o -' would both write standard output: name a file");
    if (how.shown.names && (how.quiet || how.stdout_taken))
        return base::fail(base::ErrorCode::usage,
                          std::string("--names shows names in the rows on standard output, and ") +
                              (how.quiet ? "-q" : "'-o -'") + " prints none: leave one of the two out");
    std::string without_lines;
    if (how.quiet) without_lines = "-q prints";
    if (how.stdout_taken) without_lines = "'-o -' prints";
    if (how.shown.format != &render::format("text"))
        without_lines = "the format " + std::string(how.shown.format->name) + " has";
    const std::string inside(how.packet.given());
    if (inside.empty() || without_lines.empty()) return {};
    return base::fail(base::ErrorCode::usage, inside + " prints below the line of each packet, and " +
                                                  without_lines + " no lines: leave one of the two out");
}

void tell_missing_bytes(const PacketOptions& options, const wire::Job& job) {
    if (!options.bytes() || !job.has_capture() || job.capture().with_bytes()) return;
    complain("job " + std::to_string(job.id()) +
             " does not keep the bytes of its packets, so only their lines are printed; a job keeps them if "
             "it is started with -x, -X or -A");
}

base::Result<std::unique_ptr<Presenter>> make_presenter(const Globals& globals, const Presentation& how) {
    using Use = Screen::Use;
    if (auto checked = check_presentation(how); !checked) return std::unexpected(checked.error());
    return FormattedOutput::open({.format = how.shown.format,
                                  .rows = {.table = how.table,
                                           .time_format = globals.time_format,
                                           .fields = how.shown.fields,
                                           .names = how.shown.names,
                                           .details = how.packet.details != 0,
                                           .bytes = bytes_style(how.packet)},
                                  .screen = how.quiet || how.stdout_taken ? Use::silent : Use::shown,
                                  .wait = how.live ? Terminal::Wait::never : Terminal::Wait::for_room,
                                  .colour = !globals.no_color,
                                  .files = how.files && !globals.no_files,
                                  .files_needed = how.quiet,
                                  .keep_counts = how.quiet,
                                  .narrated = how.narrated,
                                  .directory = globals.output_dir},
                                 now_ns);
}

}  // namespace packetsentry::ctl
