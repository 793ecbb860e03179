#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>

#include "ctl/client/connection.h"
#include "ctl/client/job_rows.h"
#include "ctl/commands/commands.h"
#include "ctl/commands/output.h"
#include "ctl/commands/presentation.h"
#include "ctl/options/capture_options.h"
#include "ctl/options/keep_option.h"
#include "ctl/options/table_option.h"
#include "ctl/output/complaint.h"
#include "ctl/output/row_session.h"
#include "ctl/render/job_text.h"

namespace packetsentry::ctl::commands {
namespace {

using base::ErrorCode;

struct StartOptions {
    InterfaceOptions interfaces;
    CaptureOptions capture;
    FormatOptions format;
    std::string table;  // as it was typed
    bool not_promiscuous = false;
    bool detach = false;
    bool wait = false;
    bool no_wait = false;
    std::string name;
    std::optional<std::string> keep;  // as it was typed
};

// Whoever looks at the job later is in another directory.
std::string absolute(const std::string& output) {
    if (output.empty() || output == "-") return output;
    std::error_code error;
    const auto path = std::filesystem::absolute(output, error);
    return error ? output : path.lexically_normal().string();
}

base::Result<wire::StartJob> make_request(const StartOptions& options) {
    if (options.interfaces.names.empty())
        return base::fail(ErrorCode::usage,
                          "start needs an interface: -i eth0, or -i any ('packetsentryctl interfaces' lists "
                          "the interfaces)");
    if (options.detach && options.capture.output == "-")
        return base::fail(
            ErrorCode::usage,
            "-d and '-o -' cannot be used together, because both write to standard output: name a file "
            "with -o");
    if (options.keep && !options.capture.file_limits.empty())
        return base::fail(ErrorCode::usage,
                          "-b and --keep cannot be used together: the packets are in the spool, and "
                          "'packetsentryctl search -o FILE.pcapng' saves those that you want");
    if (options.detach && !options.capture.file_limits.empty())
        return base::fail(
            ErrorCode::usage,
            "-b and -d cannot be used together, because the client opens each file: --keep has a job in "
            "the background record to the spool, which removes the oldest by itself");
    if (options.detach && !options.format.format.empty())
        return base::fail(ErrorCode::usage,
                          "-T does nothing with -d, which prints no packets: use it with 'packetsentryctl "
                          "follow' or 'packetsentryctl results'");
    if (options.detach && options.format.names)
        return base::fail(
            ErrorCode::usage,
            "--names does nothing with -d, which prints no packets: use it with 'packetsentryctl "
            "follow' or 'packetsentryctl results'");
    auto capture = make_capture(options.capture);
    if (!capture) return std::unexpected(capture.error());
    const auto table = parse_table(options.table);
    if (!table) return std::unexpected(table.error());
    if (*table != wire::TABLE_PACKETS && options.detach)
        return base::fail(ErrorCode::usage,
                          "--table does nothing with -d, which prints no rows: use it with 'packetsentryctl "
                          "follow' or 'packetsentryctl results'");
    if (*table != wire::TABLE_PACKETS) {
        capture->add_table(*table);
        // It is asked of these rows, here, and not of their packets.
        capture->mutable_filter()->clear_display();
    }
    add_interfaces(options.interfaces, *capture);
    capture->set_not_promiscuous(options.not_promiscuous);
    wire::StartJob request;
    *request.mutable_capture() = std::move(*capture);
    request.set_name(options.name);
    request.set_foreground(!options.detach);
    request.set_wait(options.wait || (options.detach && !options.no_wait));
    request.set_begin_waiting(options.wait);
    if (options.keep) {
        auto keep = parse_keep(*options.keep);
        if (!keep) return std::unexpected(keep.error());
        *request.mutable_keep() = std::move(*keep);
    }
    return request;
}

// Nobody follows it, so what there is to say of it is said now.
base::Result<void> detached(const Globals& globals, const wire::Job& job) {
    for (const std::string& notice : job.notice()) complain(notice);
    if (!globals.output_dir.empty())
        complain(
            "--output-dir does nothing here: a job in the background writes no log and no results file; "
            "'packetsentryctl follow' and 'packetsentryctl results' show its packets");
    return print(globals.json ? render::job_json(job) : std::to_string(job.id()) + "\n");
}

// "eth0 (filter: udp port 53 or tcp port 53)". Whoever has it kept needs its id when it is over.
std::string what_is_captured(const wire::Job& job) {
    const std::string id = job.name().empty() ? std::to_string(job.id()) : job.name();
    return render::interface_names(job.capture()) + " (filter: " + render::filter_name(job) + ")" +
           render::redaction_suffix(job.terms().redaction()) +
           (job.has_keep() ? ", kept in the spool as job " + id : "");
}

base::Result<void> foreground(const StartOptions& options, const Globals& globals, const Presentation& how,
                              std::optional<query::Filter> display, Output& output, JobRows& rows) {
    const bool on_stdout = options.capture.output == "-";
    const bool rows_alone =
        how.shown.format->among == render::Among::rows_alone || on_stdout;  // on standard output
    const auto presenter = make_presenter(globals, how);
    if (!presenter) return std::unexpected(presenter.error());
    const std::string what = what_is_captured(rows.job());
    if (auto told = (*presenter)->status("Starting capture on " + what); !told) return told;
    return Session(rows, **presenter,
                   {.table = how.table,
                    .output_name = on_stdout ? "standard output" : output.name,
                    .output_on_stdout = on_stdout,
                    .output_file = FileWatch(output.file.get(), output.name),
                    .files = output.files ? &*output.files : nullptr,
                    .quiet = options.capture.quiet,
                    .ready = rows_alone && !options.capture.quiet ? "listening on " + what : "",
                    .waits = rows.job().state() == wire::JOB_WAITING,
                    .no_match =
                        no_match_hint(rows.job().capture().filter(), options.capture.filter.flow.has_value()),
                    .display = std::move(display)})
        .run();
}

base::Result<void> run_start(const StartOptions& options, const Globals& globals) {
    auto request = make_request(options);
    if (!request) return std::unexpected(request.error());
    const auto format = choose_format(options.format, globals.json, render::format("text"));
    if (!format) return std::unexpected(format.error());
    const auto table = *parse_table(options.table);  // it was read for the request already
    auto display = compile_own_filter(table, options.capture.filter);
    if (!display) return std::unexpected(display.error());
    const Presentation how{.table = table,
                           .shown = *format,
                           .quiet = options.capture.quiet,
                           .stdout_taken = options.capture.output == "-",
                           .live = true,
                           .packet = options.capture.packet};
    if (!options.detach) {
        if (auto checked = check_presentation(how); !checked) return checked;
    }
    auto connection = Connection::open(globals.socket);
    if (!connection) return std::unexpected(connection.error());
    auto output = open_output_of(options.capture, -1);
    if (!output) return std::unexpected(output.error());
    request->set_output_name(absolute(output->name));
    auto rows = JobRows::start(std::move(*connection), std::move(*request), output->file.get());
    if (!rows) {
        if (output->files) output->files->take_back();
        return std::unexpected(rows.error());
    }
    if (options.detach) return detached(globals, (*rows)->job());
    return foreground(options, globals, how, std::move(*display), *output, **rows);
}

}  // namespace

Run prepare_start(CLI::App& app, const Globals& globals) {
    auto options = std::make_shared<StartOptions>();
    add_interface_option(app, options->interfaces);
    add_capture_options(app, options->capture);
    add_table_option(app, options->table);
    add_format_options(app, options->format);
    app.add_flag("-p,--no-promiscuous", options->not_promiscuous,
                 "Do not put the interface into promiscuous mode");
    app.add_flag("-d,--detach", options->detach, "Run the job in the background, and print its id");
    auto* wait = app.add_flag("--wait", options->wait,
                              "Wait for an interface that does not exist yet, or that disappears later");
    app.add_flag("--no-wait", options->no_wait, "With -d: end the job when an interface disappears")
        ->excludes(wait);
    app.add_option("--name", options->name, "A name for the job, which can be used instead of its id")
        ->type_name("NAME");
    add_keep_option(app, options->keep);
    app.footer(app.get_footer() + "\n\n" + filter_words_help());
    return [options, &globals] { return run_start(*options, globals); };
}

}  // namespace packetsentry::ctl::commands
