#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "ctl/client/file_rows.h"
#include "ctl/client/input_file.h"
#include "ctl/commands/commands.h"
#include "ctl/commands/presentation.h"
#include "ctl/options/capture_options.h"
#include "ctl/output/output_file.h"
#include "ctl/output/row_session.h"
#include "ctl/render/job_text.h"

namespace packetsentry::ctl::commands {
namespace {

struct ReadOptions {
    std::string file;
    CaptureOptions capture;
    FormatOptions format;
};

std::string shown_name(const std::string& file, const char* standard) {
    return file == "-" ? standard : file;
}

base::Result<void> present(const ReadOptions& options, const Globals& globals, const ChosenFormat& format,
                           const wire::CaptureSpec& spec, FileWatch output, FileRows& rows) {
    const CaptureOptions& capture = options.capture;
    const bool on_stdout = capture.output == "-";
    const auto presenter =
        make_presenter(globals, {.shown = format, .quiet = capture.quiet, .stdout_taken = on_stdout});
    if (!presenter) return std::unexpected(presenter.error());
    auto told = (*presenter)
                    ->status("Reading packets from " + shown_name(options.file, "standard input") +
                             render::redaction_suffix(spec.redaction()));
    if (!told) return told;
    if (auto going = rows.go(); !going) return going;
    const bool progress = !capture.quiet && ::isatty(STDOUT_FILENO) == 0 && ::isatty(STDERR_FILENO) != 0;
    return Session(rows, **presenter,
                   {.output_name = shown_name(capture.output, "standard output"),
                    .output_on_stdout = on_stdout,
                    .output_file = std::move(output),
                    .quiet = capture.quiet,
                    .progress = progress,
                    .file_bytes = rows.file_bytes(),
                    .no_match = ports_hint(spec.filter())})
        .run();
}

base::Result<void> run_read(const ReadOptions& options, const Globals& globals) {
    const auto capture = make_capture(options.capture);
    if (!capture) return std::unexpected(capture.error());
    const auto format = choose_format(options.format, globals.json, render::format("text"));
    if (!format) return std::unexpected(format.error());
    auto input = open_input(options.file);
    if (!input) return std::unexpected(input.error());
    auto output = open_output(options.capture.output, input->get(), options.capture.no_clobber);
    if (!output) return std::unexpected(output.error());
    const auto rows = FileRows::start(*capture, input->get(), output->get(), options.file);
    if (!rows) return std::unexpected(rows.error());
    FileWatch watch(output->get(), options.capture.output);
    // The worker's alone from here on: whoever feeds or reads a pipe learns of its end.
    input->reset();
    output->reset();
    return present(options, globals, *format, *capture, std::move(watch), **rows);
}

}  // namespace

Run prepare_read(CLI::App& app, const Globals& globals) {
    auto options = std::make_shared<ReadOptions>();
    app.add_option("-r,--read,file", options->file,
                   "A pcap or pcapng file, also packed with gzip, zstd, lz4 or xz; - is standard input")
        ->type_name("FILE")
        ->required();
    add_capture_options(app, options->capture);
    add_format_options(app, options->format);
    app.footer(app.get_footer() + "\n\n" + filter_words_help());
    return [options, &globals] { return run_read(*options, globals); };
}

}  // namespace packetsentry::ctl::commands
