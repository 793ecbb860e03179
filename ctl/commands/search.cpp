#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <sstream>

#include "ctl/client/connection.h"
#include "ctl/client/past_rows.h"
#include "ctl/commands/commands.h"
#include "ctl/commands/presentation.h"
#include "ctl/options/display_filter.h"
#include "ctl/options/search_options.h"
#include "ctl/output/complaint.h"
#include "ctl/output/output_file.h"
#include "ctl/output/row_session.h"
#include "ctl/render/search_outcome.h"

namespace packetsentry::ctl::commands {
namespace {

using SearchClock = std::chrono::steady_clock;

struct SearchCommand {
    SearchOptions search;
    FormatOptions format;
};

double seconds_since(SearchClock::time_point begin, SearchClock::time_point end) {
    return std::chrono::duration<double>(end - begin).count();
}

render::SearchOutcome outcome_of(const PastRows& rows, SearchClock::time_point begin) {
    render::SearchOutcome outcome{.question = rows.question(),
                                  .scope = rows.scope(),
                                  .found = rows.found(),
                                  .context = rows.context(),
                                  .complete = rows.complete(),
                                  .counts = rows.counts(),
                                  .notes = rows.notes(),
                                  .more_notes = rows.more_notes(),
                                  .without_bytes = rows.without_bytes(),
                                  .seconds = seconds_since(begin, SearchClock::now())};
    if (rows.first_found()) outcome.first_seconds = seconds_since(begin, *rows.first_found());
    return outcome;
}

// What was found is told last, as all commands do.
void tell_outcome(const SearchOptions& options, const render::SearchOutcome& outcome) {
    std::istringstream facts(options.explain ? render::search_facts(outcome) : "");
    for (std::string line; std::getline(facts, line);) tell(line);
    for (const std::string& line : render::unreadable_lines(outcome)) complain(line);
    for (const std::string& line : render::outcome_lines(outcome)) tell(line);
    if (render::all_found(outcome) == 0 && outcome.complete && !options.filter.display.empty())
        tell(kDisplayHint);
}

base::Result<void> present_found(const SearchOptions& options, const Globals& globals,
                                 const Presentation& how, FileWatch output, PastRows& rows,
                                 SearchClock::time_point begin) {
    const auto presenter = make_presenter(globals, how);
    if (!presenter) return std::unexpected(presenter.error());
    const std::string output_name = how.stdout_taken ? "standard output" : options.output;
    auto shown = Session(rows, **presenter,
                         {.output_name = output_name,
                          .output_on_stdout = how.stdout_taken,
                          .output_file = std::move(output),
                          .progress = ::isatty(STDERR_FILENO) != 0,
                          .file_bytes = rows.scope().bytes(),
                          .searches = true})
                     .run();
    render::SearchOutcome outcome = outcome_of(rows, begin);
    outcome.output_name = output_name;
    outcome.not_shown = (*presenter)->not_shown();
    tell_outcome(options, outcome);
    return shown;
}

base::Result<void> run_search(const SearchCommand& command, const Globals& globals) {
    const SearchOptions& options = command.search;
    auto search = make_search(options, now_ns());
    if (!search) return std::unexpected(search.error());
    const auto format = choose_format(command.format, globals.json, render::format("text"));
    if (!format) return std::unexpected(format.error());
    const Presentation how{.shown = *format,
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
    return present_found(options, globals, how, std::move(watch), **rows, begin);
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
