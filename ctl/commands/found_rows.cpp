#include "ctl/commands/found_rows.h"

#include <unistd.h>

#include <sstream>
#include <utility>

#include "ctl/output/complaint.h"
#include "ctl/output/row_session.h"
#include "ctl/render/search_outcome.h"

namespace packetsentry::ctl {
namespace {

using SearchClock = std::chrono::steady_clock;

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
void tell_outcome(const FoundSettings& settings, const render::SearchOutcome& outcome) {
    std::istringstream facts(settings.explain ? render::search_facts(outcome) : "");
    for (std::string line; std::getline(facts, line);) tell(line);
    for (const std::string& line : render::unreadable_lines(outcome)) complain(line);
    for (const std::string& line : render::outcome_lines(outcome)) tell(line);
    if (render::all_found(outcome) == 0 && outcome.complete && !settings.no_match.empty())
        tell(settings.no_match);
}

}  // namespace

base::Result<void> present_found(PastRows& rows, const Globals& globals, const Presentation& how,
                                 FoundSettings settings) {
    const auto presenter = make_presenter(globals, how);
    if (!presenter) return std::unexpected(presenter.error());
    auto shown = Session(rows, **presenter,
                         {.table = how.table,
                          .output_name = settings.output_name,
                          .output_on_stdout = how.stdout_taken,
                          .output_file = std::move(settings.output_file),
                          .progress = ::isatty(STDERR_FILENO) != 0,
                          .file_bytes = rows.scope().bytes(),
                          .searches = true})
                     .run();
    render::SearchOutcome outcome = outcome_of(rows, settings.begin);
    outcome.output_name = settings.output_name;
    outcome.not_shown = (*presenter)->not_shown();
    tell_outcome(settings, outcome);
    return shown;
}

}  // namespace packetsentry::ctl
