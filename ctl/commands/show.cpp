#include <CLI/CLI.hpp>
#include <memory>

#include "ctl/client/connection.h"
#include "ctl/commands/commands.h"
#include "ctl/render/job_text.h"

namespace packetsentry::ctl::commands {
namespace {

base::Result<void> run_show(const std::string& job, const Globals& globals) {
    wire::Request request;
    request.mutable_show()->set_job(job);
    const auto reply = ask_daemon(globals.socket, std::move(request));
    if (!reply) return std::unexpected(reply.error());
    std::string text;
    for (const wire::Job& one : reply->jobs().job())
        text += globals.json ? render::job_json(one) : render::job_facts(one);
    return print(text);
}

}  // namespace

Run prepare_show(CLI::App& app, const Globals& globals) {
    auto job = std::make_shared<std::string>();
    app.add_option("job", *job, "Id, name, or a unique prefix of either")->type_name("JOB")->required();
    return [job, &globals] { return run_show(*job, globals); };
}

}  // namespace packetsentry::ctl::commands
