#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "ctl/client/connection.h"
#include "ctl/client/job_rows.h"
#include "ctl/client/past_rows.h"
#include "ctl/commands/commands.h"
#include "ctl/commands/found_rows.h"
#include "ctl/commands/presentation.h"
#include "ctl/options/display_filter.h"
#include "ctl/options/flow_option.h"
#include "ctl/options/table_option.h"
#include "ctl/output/complaint.h"
#include "ctl/output/row_session.h"
#include "ctl/render/escape.h"
#include "ctl/render/job_text.h"

namespace packetsentry::ctl::commands {
namespace {

struct ResultsOptions {
    std::string job;
    std::string display;
    std::optional<std::string> flow;  // as it was typed
    bool lines = false;
    FormatOptions format;
    PacketOptions packet;
    std::string table;  // as it was typed
};

base::Result<std::optional<query::Filter>> compile_filter(const ResultsOptions& options, wire::Table table) {
    const auto text = join_flow(options.display, options.flow);
    if (!text) return std::unexpected(text.error());
    return compile_row_filter(table, *text);
}

base::Result<wire::Search> question_about(const std::string& job, const ResultsOptions& options) {
    const auto text = join_flow(options.display, options.flow);
    if (!text) return std::unexpected(text.error());
    auto display = make_display_filter(*text);
    if (!display) return std::unexpected(display.error());
    wire::Search search;
    search.add_job(job);
    search.set_one_job(true);
    wire::Question& question = *search.mutable_question();
    question.set_since_ns(std::numeric_limits<std::int64_t>::min());
    question.set_until_ns(std::numeric_limits<std::int64_t>::max());
    question.mutable_filter()->set_display(std::move(*display));
    question.set_with_bytes(options.packet.bytes());
    const auto table = parse_table(options.table);
    if (!table) return std::unexpected(table.error());
    question.set_table(*table);
    return search;
}

base::Result<std::unique_ptr<PastRows>> ask_spool(const std::string& job, const ResultsOptions& options,
                                                  const Globals& globals) {
    auto search = question_about(job, options);
    if (!search) return std::unexpected(search.error());
    auto connection = Connection::open(globals.socket);
    if (!connection) return std::unexpected(connection.error());
    return PastRows::start(std::move(*connection), std::move(*search), -1);
}

// The daemon's memory has only the last rows of the job, or rows without the bytes that are asked for, and
// the spool may have more.
bool may_have_more_in_spool(const wire::Job& job, const ResultsOptions& options, wire::Table table) {
    if (!job.has_keep()) return false;
    const bool bytes = options.packet.bytes() && job.keep().has_packets() && !job.capture().with_bytes();
    return bytes || render::rows_of(job, table).evicted() != 0;
}

base::Result<void> present_kept(PastRows& rows, const std::string& why, const ResultsOptions& options,
                                const Globals& globals, const Presentation& how) {
    tell(why);
    return present_found(
        rows, globals, how,
        {.no_match = display_hint(options.display, options.flow), .begin = std::chrono::steady_clock::now()});
}

// A notice among the rows may have told already that the saving ended, but not with which figures.
base::Result<void> with_saving_end(base::Result<void> shown, const wire::Job& job) {
    const bool failed_otherwise = !shown && !shown.error().message.empty();
    if (failed_otherwise || !job.has_saving_end()) return shown;
    return base::fail(base::ErrorCode::file, render::saving_text(job));
}

base::Result<void> present_rows(JobRows& rows, const ResultsOptions& options, const Globals& globals,
                                const Presentation& how) {
    auto display = compile_filter(options, how.table);
    if (!display) return std::unexpected(display.error());
    const auto presenter = make_presenter(globals, how);
    if (!presenter) return std::unexpected(presenter.error());
    tell_missing_bytes(options.packet, rows.job());
    return Session(rows, **presenter,
                   {.table = how.table,
                    .no_match = std::string(display_hint(options.display, options.flow)),
                    .display = std::move(*display)})
        .run();
}

base::Result<void> present_job(JobRows& rows, const ResultsOptions& options, const Globals& globals,
                               const Presentation& how) {
    if (may_have_more_in_spool(rows.job(), options, how.table)) {
        const auto kept = ask_spool(std::to_string(rows.job().id()), options, globals);
        if (kept && (*kept)->scope().segments() != 0)
            return present_kept(
                **kept, "the daemon's memory does not have all of this job, so it is read from the spool",
                options, globals, how);
    }
    return present_rows(rows, options, globals, how);
}

base::Result<void> run_results(const ResultsOptions& options, const Globals& globals) {
    const auto table = parse_table(options.table);
    if (!table) return std::unexpected(table.error());
    if (auto display = compile_filter(options, *table); !display) return std::unexpected(display.error());
    if (options.lines && !options.format.format.empty())
        return base::fail(base::ErrorCode::usage,
                          "--lines and -T cannot be used together: each chooses a format");
    const bool lines = options.lines || !options.packet.given().empty();
    const auto& usual = lines ? render::format("text") : render::format("blocks");
    const auto format = choose_format(options.format, globals.json, usual);
    if (!format) return std::unexpected(format.error());
    const Presentation how{
        .table = *table, .shown = *format, .files = false, .narrated = false, .packet = options.packet};
    if (auto checked = check_presentation(how); !checked) return checked;
    auto connection = Connection::open(globals.socket);
    if (!connection) return std::unexpected(connection.error());
    wire::Follow request;
    request.set_job(options.job);
    request.set_from_sequence(1);
    request.set_kept_only(true);
    request.set_table(*table);
    const auto rows = JobRows::follow(std::move(*connection), std::move(request));
    if (rows) return with_saving_end(present_job(**rows, options, globals, how), (*rows)->job());
    // The spool may have a job that the daemon no longer lists. If it has not, that answer stands.
    if (rows.error().code != base::ErrorCode::no_such_job) return std::unexpected(rows.error());
    const auto kept = ask_spool(options.job, options, globals);
    if (!kept) return std::unexpected(rows.error());
    return present_kept(**kept,
                        "the daemon no longer has this job; what is kept of it is read from the spool",
                        options, globals, how);
}

}  // namespace

Run prepare_results(CLI::App& app, const Globals& globals) {
    auto options = std::make_shared<ResultsOptions>();
    app.add_option("job", options->job, "Id, name, or a unique prefix of either")
        ->type_name("JOB")
        ->required();
    add_display_filter_option(app, options->display);
    add_flow_option(app, options->flow);
    app.add_flag("--lines", options->lines,
                 "Print one line for each packet instead of a block; -v, -x, -X and -A imply this");
    add_table_option(app, options->table);
    add_format_options(app, options->format);
    add_packet_options(app, options->packet);
    return [options, &globals] { return run_results(*options, globals); };
}

}  // namespace packetsentry::ctl::commands
