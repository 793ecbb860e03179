#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "ctl/client/file_rows.h"
#include "ctl/client/input_file.h"
#include "ctl/commands/commands.h"
#include "ctl/commands/output.h"
#include "ctl/commands/presentation.h"
#include "ctl/options/capture_options.h"
#include "ctl/options/display_filter.h"
#include "ctl/options/packet_place.h"
#include "ctl/options/table_option.h"
#include "ctl/output/complaint.h"
#include "ctl/output/row_session.h"
#include "ctl/render/job_text.h"

namespace packetsentry::ctl::commands {
namespace {

struct ReadOptions {
    std::string file;
    std::optional<std::string> packet;  // as it was typed
    CaptureOptions capture;
    FormatOptions format;
    std::string table;  // as it was typed
};

std::string shown_name(const std::string& file, const char* standard) {
    return file == "-" ? standard : file;
}

// place: of the one packet that is to be shown; 0: all are.
base::Result<wire::CaptureSpec> make_spec(const ReadOptions& options, std::uint64_t place,
                                          wire::Table table) {
    auto capture = make_capture(options.capture);
    if (!capture) return capture;
    capture->set_only_place(place);
    if (table == wire::TABLE_PACKETS) return capture;
    capture->add_table(table);
    // It is asked of these rows, here, and not of their packets.
    capture->mutable_filter()->clear_display();
    return capture;
}

// A line says nothing of it, and to put conversations together takes as long as all the rest.
bool shows_notes(const Presentation& how) {
    const bool lines = how.shown.format->among == render::Among::lines_for_people ||
                       how.shown.format == &render::format("blocks");
    return !lines || how.packet.details != 0;
}

// Says why the packet of --packet was not shown, if it was not.
base::Result<void> tell_missing_packet(std::uint64_t place, const std::string& file,
                                       const wire::Ledger& ledger) {
    if (ledger.recorded() != 0) return {};
    const std::string which = "packet " + std::to_string(place);
    if (ledger.delivered() >= place) {
        tell(which + " of " + file + " does not pass the filter");
        return {};
    }
    const std::string packets =
        std::to_string(ledger.delivered()) + (ledger.delivered() == 1 ? " packet" : " packets");
    return base::fail(base::ErrorCode::file, file + " has " + packets + "; there is no " + which);
}

base::Result<void> present(const ReadOptions& options, const Globals& globals, const Presentation& how,
                           const wire::CaptureSpec& spec, std::optional<query::Filter> display,
                           Output& output, FileWatch watch, FileRows& rows) {
    const std::uint64_t place = spec.only_place();
    const CaptureOptions& capture = options.capture;
    const auto presenter = make_presenter(globals, how);
    if (!presenter) return std::unexpected(presenter.error());
    auto told = (*presenter)
                    ->status("Reading packets from " + shown_name(options.file, "standard input") +
                             render::redaction_suffix(spec.redaction()));
    if (!told) return told;
    if (auto going = rows.go(); !going) return going;
    const bool progress = !capture.quiet && ::isatty(STDOUT_FILENO) == 0 && ::isatty(STDERR_FILENO) != 0;
    Session session(
        rows, **presenter,
        {.table = how.table,
         .output_name = shown_name(output.name, "standard output"),
         .output_on_stdout = how.stdout_taken,
         .output_file = std::move(watch),
         .files = output.files ? &*output.files : nullptr,
         .quiet = capture.quiet,
         .progress = progress,
         .file_bytes = rows.file_bytes(),
         .no_match = place == 0 ? no_match_hint(spec.filter(), capture.filter.flow.has_value()) : "",
         .display = std::move(display)});
    auto shown = session.run();
    if (!shown || place == 0 || session.stopped() || !session.ledger()) return shown;
    return tell_missing_packet(place, shown_name(options.file, "standard input"), *session.ledger());
}

base::Result<void> run_read(const ReadOptions& options, const Globals& globals) {
    const auto place = options.packet ? parse_packet_place(*options.packet) : 0;
    if (!place) return std::unexpected(place.error());
    const auto table = parse_table(options.table);
    if (!table) return std::unexpected(table.error());
    auto capture = make_spec(options, *place, *table);
    if (!capture) return std::unexpected(capture.error());
    auto display = compile_own_filter(*table, options.capture.filter);
    if (!display) return std::unexpected(display.error());
    const auto format = choose_format(options.format, globals.json, render::format("text"));
    if (!format) return std::unexpected(format.error());
    const Presentation how{.table = *table,
                           .shown = *format,
                           .quiet = options.capture.quiet,
                           .stdout_taken = options.capture.output == "-",
                           .packet = options.capture.packet};
    if (auto checked = check_presentation(how); !checked) return checked;
    capture->set_with_notes(*table == wire::TABLE_PACKETS &&
                            (shows_notes(how) || asks_tcp_analysis(options.capture.filter.display)));
    capture->set_with_names(how.shown.names);
    auto input = open_input(options.file);
    if (!input) return std::unexpected(input.error());
    auto output = open_output_of(options.capture, input->get());
    if (!output) return std::unexpected(output.error());
    const auto rows = FileRows::start(*capture, input->get(), output->file.get(), options.file);
    if (!rows) {
        if (output->files) output->files->take_back();
        return std::unexpected(rows.error());
    }
    FileWatch watch(output->file.get(), output->name);
    // The worker's alone from here on: whoever feeds or reads a pipe learns of its end.
    if (!output->files) input->reset();
    output->file.reset();
    return present(options, globals, how, *capture, std::move(*display), *output, std::move(watch), **rows);
}

}  // namespace

Run prepare_read(CLI::App& app, const Globals& globals) {
    auto options = std::make_shared<ReadOptions>();
    app.add_option("-r,--read,file", options->file,
                   "A pcap or pcapng file, also packed with gzip, zstd, lz4 or xz; - is standard input")
        ->type_name("FILE")
        ->required();
    app.add_option_function<std::string>(
           "--packet", [options](const std::string& typed) { options->packet = typed; },
           "Only packet N of the file, counted from 1, and no packet behind it")
        ->type_name("N");
    add_capture_options(app, options->capture);
    add_table_option(app, options->table);
    add_format_options(app, options->format);
    app.footer(app.get_footer() + "\n\n" + filter_words_help());
    return [options, &globals] { return run_read(*options, globals); };
}

}  // namespace packetsentry::ctl::commands
