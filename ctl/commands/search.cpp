#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <utility>

#include "ctl/client/connection.h"
#include "ctl/client/past_rows.h"
#include "ctl/commands/commands.h"
#include "ctl/commands/found_rows.h"
#include "ctl/commands/presentation.h"
#include "ctl/options/flow_option.h"
#include "ctl/options/search_options.h"
#include "ctl/output/output_file.h"

namespace packetsentry::ctl::commands {
namespace {

using SearchClock = std::chrono::steady_clock;

struct SearchCommand {
    SearchOptions search;
    FormatOptions format;
};

base::Result<void> run_search(const SearchCommand& command, const Globals& globals) {
    const SearchOptions& options = command.search;
    auto search = make_search(options, now_ns());
    if (!search) return std::unexpected(search.error());
    const auto format = choose_format(command.format, globals.json, render::format("text"));
    if (!format) return std::unexpected(format.error());
    const Presentation how{.table = search->question().table(),
                           .shown = *format,
                           .stdout_taken = options.output == "-",
                           .files = false,
                           .narrated = false,
                           .packet = options.packet};
    if (auto checked = check_presentation(how); !checked) return checked;
    auto connection = Connection::open(globals.socket);
    if (!connection) return std::unexpected(connection.error());
    auto output = open_output(options.output, -1, options.no_clobber);
    if (!output) return std::unexpected(output.error());
    const auto begin = SearchClock::now();
    const auto rows = PastRows::start(std::move(*connection), std::move(*search), output->get());
    if (!rows) return std::unexpected(rows.error());
    FileWatch watch(output->get(), options.output);
    output->reset();  // it is the worker's alone from here on: whoever reads a pipe learns of its end
    return present_found(**rows, globals, how,
                         {.output_name = how.stdout_taken ? "standard output" : options.output,
                          .output_file = std::move(watch),
                          .explain = options.explain,
                          .no_match = display_hint(options.filter.display, options.filter.flow),
                          .begin = begin});
}

}  // namespace

Run prepare_search(CLI::App& app, const Globals& globals) {
    auto command = std::make_shared<SearchCommand>();
    add_search_options(app, command->search);
    add_format_options(app, command->format);
    app.footer(app.get_footer() + "\n\n" + filter_words_help());
    return [command, &globals] { return run_search(*command, globals); };
}

}  // namespace packetsentry::ctl::commands
