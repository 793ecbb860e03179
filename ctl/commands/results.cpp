#include <CLI/CLI.hpp>
#include <memory>
#include <utility>

#include "ctl/client/connection.h"
#include "ctl/client/job_rows.h"
#include "ctl/commands/commands.h"
#include "ctl/commands/presentation.h"
#include "ctl/options/display_filter.h"
#include "ctl/output/row_session.h"
#include "ctl/render/escape.h"
#include "ctl/render/job_text.h"

namespace packetsentry::ctl::commands {
namespace {

struct ResultsOptions {
    std::string job;
    std::string display;
    bool lines = false;
    FormatOptions format;
    PacketOptions packet;
};

base::Result<void> run_results(const ResultsOptions& options, const Globals& globals) {
    auto display = compile_display_filter(options.display);
    if (!display) return std::unexpected(display.error());
    if (options.lines && !options.format.format.empty())
        return base::fail(base::ErrorCode::usage,
                          "--lines and -T cannot be used together: each chooses a format");
    const bool lines = options.lines || !options.packet.given().empty();
    const auto& usual = lines ? render::format("text") : render::format("blocks");
    const auto format = choose_format(options.format, globals.json, usual);
    if (!format) return std::unexpected(format.error());
    const Presentation how{.shown = *format, .files = false, .narrated = false, .packet = options.packet};
    if (auto checked = check_presentation(how); !checked) return checked;
    auto connection = Connection::open(globals.socket);
    if (!connection) return std::unexpected(connection.error());
    wire::Follow request;
    request.set_job(options.job);
    request.set_from_sequence(1);
    request.set_kept_only(true);
    const auto rows = JobRows::follow(std::move(*connection), std::move(request));
    if (!rows) return std::unexpected(rows.error());
    const auto presenter = make_presenter(globals, how);
    if (!presenter) return std::unexpected(presenter.error());
    tell_missing_bytes(options.packet, (*rows)->job());
    auto shown = Session(**rows, **presenter,
                         {.no_match = std::string(options.display.empty() ? "" : kDisplayHint),
                          .display = std::move(*display)})
                     .run();
    // A notice among the rows may have told already that the saving ended, but not with which figures.
    const bool failed_otherwise = !shown && !shown.error().message.empty();
    if (failed_otherwise || !(*rows)->job().has_saving_end()) return shown;
    return base::fail(base::ErrorCode::file, render::saving_text((*rows)->job()));
}

}  // namespace

Run prepare_results(CLI::App& app, const Globals& globals) {
    auto options = std::make_shared<ResultsOptions>();
    app.add_option("job", options->job, "Id, name, or a unique prefix of either")
        ->type_name("JOB")
        ->required();
    add_display_filter_option(app, options->display);
    app.add_flag("--lines", options->lines,
                 "Print one line for each packet instead of a block; -v, -x, -X and -A imply this");
    add_format_options(app, options->format);
    add_packet_options(app, options->packet);
    return [options, &globals] { return run_results(*options, globals); };
}

}  // namespace packetsentry::ctl::commands
