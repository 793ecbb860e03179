#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "ctl/client/connection.h"
#include "ctl/client/job_rows.h"
#include "ctl/commands/commands.h"
#include "ctl/commands/presentation.h"
#include "ctl/options/display_filter.h"
#include "ctl/options/flow_option.h"
#include "ctl/options/table_option.h"
#include "ctl/output/row_session.h"

namespace packetsentry::ctl::commands {
namespace {

struct FollowOptions {
    std::string job;
    std::string display;
    std::optional<std::string> flow;  // as it was typed
    bool from_start = false;
    FormatOptions format;
    PacketOptions packet;
    std::string table;  // as it was typed
};

base::Result<void> run_follow(const FollowOptions& options, const Globals& globals) {
    const auto table = parse_table(options.table);
    if (!table) return std::unexpected(table.error());
    const auto text = join_flow(options.display, options.flow);
    if (!text) return std::unexpected(text.error());
    auto display = compile_row_filter(*table, *text);
    if (!display) return std::unexpected(display.error());
    const auto format = choose_format(options.format, globals.json, render::format("text"));
    if (!format) return std::unexpected(format.error());
    const Presentation how{.table = *table,
                           .shown = *format,
                           .files = false,
                           .narrated = false,
                           .live = true,
                           .packet = options.packet};
    if (auto checked = check_presentation(how); !checked) return checked;
    auto connection = Connection::open(globals.socket);
    if (!connection) return std::unexpected(connection.error());
    wire::Follow request;
    request.set_job(options.job);
    request.set_from_sequence(options.from_start ? 1 : 0);
    request.set_table(*table);
    const auto rows = JobRows::follow(std::move(*connection), std::move(request));
    if (!rows) return std::unexpected(rows.error());
    const auto presenter = make_presenter(globals, how);
    if (!presenter) return std::unexpected(presenter.error());
    tell_missing_bytes(options.packet, (*rows)->job());
    return Session(**rows, **presenter,
                   {.table = *table,
                    .no_match = std::string(display_hint(options.display, options.flow)),
                    .display = std::move(*display)})
        .run();
}

}  // namespace

Run prepare_follow(CLI::App& app, const Globals& globals) {
    auto options = std::make_shared<FollowOptions>();
    app.add_option("job", options->job, "Id, name, or a unique prefix of either")
        ->type_name("JOB")
        ->required();
    add_display_filter_option(app, options->display);
    add_flow_option(app, options->flow);
    app.add_flag("--from-start", options->from_start, "Begin with the oldest row that is kept");
    add_table_option(app, options->table);
    add_format_options(app, options->format);
    add_packet_options(app, options->packet);
    return [options, &globals] { return run_follow(*options, globals); };
}

}  // namespace packetsentry::ctl::commands
