#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "ctl/client/connection.h"
#include "ctl/commands/commands.h"
#include "ctl/commands/presentation.h"
#include "ctl/options/past_time.h"
#include "ctl/output/complaint.h"
#include "ctl/render/purged_text.h"

namespace packetsentry::ctl::commands {
namespace {

using base::ErrorCode;

struct PurgeOptions {
    std::string job;
    std::string before;
    bool whole = false;
    bool yes = false;
    bool dry_run = false;
};

base::Result<wire::Purged> ask_to_purge(const Globals& globals, const wire::Purge& order) {
    wire::Request request;
    *request.mutable_purge() = order;
    const auto reply = ask_daemon(globals.socket, std::move(request));
    if (!reply) return std::unexpected(reply.error());
    return reply->purged();
}

// The answer that is given to a question on the terminal.
bool agrees() {
    std::cerr << "Remove it? It cannot be brought back. [y/N] " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

base::Result<void> complain_of_problems(const wire::Purged& purged) {
    for (const std::string& problem : purged.problem()) complain(problem);
    if (purged.problem_size() == 0) return {};
    return base::fail(ErrorCode::file, "not everything could be removed; try again when this is mended");
}

base::Result<void> print_purged(const wire::Purged& purged, bool done, const Globals& globals) {
    return print(globals.json ? render::purged_json(purged, done) : render::purged_text(purged, done));
}

base::Result<void> run_purge(const PurgeOptions& options, const Globals& globals) {
    const auto before = parse_past_time(options.before, now_ns(), RangeEnd::until);
    if (!before) return base::fail(before.error().code, "--before: " + before.error().message);
    const bool asks = !options.yes && !options.dry_run;
    if (asks && ::isatty(STDIN_FILENO) == 0)
        return base::fail(ErrorCode::usage,
                          "purge asks before it removes anything, and standard input is no terminal; add "
                          "--yes, or --dry-run to see what would be removed");
    wire::Purge order;
    order.set_job(options.job);
    order.set_before_ns(*before);
    order.set_whole(options.whole);
    order.set_dry_run(!options.yes);
    const auto purged = ask_to_purge(globals, order);
    if (!purged) return std::unexpected(purged.error());
    if (auto printed = print_purged(*purged, options.yes, globals); !printed) return printed;
    if (!asks || purged->segments() == 0) return complain_of_problems(*purged);
    if (!agrees()) {
        tell("nothing was removed");
        return {};
    }
    order.set_dry_run(false);
    const auto removed = ask_to_purge(globals, order);
    if (!removed) return std::unexpected(removed.error());
    if (auto printed = print_purged(*removed, true, globals); !printed) return printed;
    return complain_of_problems(*removed);
}

}  // namespace

Run prepare_purge(CLI::App& app, const Globals& globals) {
    auto options = std::make_shared<PurgeOptions>();
    app.add_option("--job", options->job, "Whose packets and rows: an id, or a name")
        ->type_name("JOB")
        ->required();
    app.add_option("--before", options->before, "Remove what was recorded before this time (as for search)")
        ->type_name("TIME")
        ->required();
    app.add_flag("--whole", options->whole, "Also what was recorded around that time");
    app.add_flag("--dry-run", options->dry_run, "Only say what would be removed");
    app.add_flag("-y,--yes", options->yes, "Do not ask")->excludes("--dry-run");
    return [options, &globals] { return run_purge(*options, globals); };
}

}  // namespace packetsentry::ctl::commands
