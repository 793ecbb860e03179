#include <CLI/CLI.hpp>
#include <memory>

#include "ctl/commands/commands.h"
#include "ctl/connection.h"
#include "ctl/render/job.h"

namespace packetsentry::ctl::commands {
namespace {

base::Result<void> run(bool no_legend, const Globals& globals) {
    wire::Request request;
    request.mutable_list();
    const auto reply = ask_daemon(globals.socket, std::move(request));
    if (!reply) return std::unexpected(reply.error());
    if (!globals.json) return print(render::jobs_table(reply->jobs(), !no_legend));
    std::string text;
    for (const wire::Job& job : reply->jobs().job()) text += render::job_json(job);
    return print(text);
}

}  // namespace

Run prepare_list(CLI::App& app, const Globals& globals) {
    auto no_legend = std::make_shared<bool>(false);
    app.add_flag("--no-legend", *no_legend, "Leave out the heading of the table");
    return [no_legend, &globals] { return run(*no_legend, globals); };
}

}  // namespace packetsentry::ctl::commands
