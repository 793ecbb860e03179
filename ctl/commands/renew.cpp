#include <CLI/CLI.hpp>
#include <memory>

#include "ctl/client/connection.h"
#include "ctl/commands/commands.h"
#include "ctl/render/job_text.h"
#include "ctl/render/packet_time.h"

namespace packetsentry::ctl::commands {
namespace {

std::string text_of_renewed(const wire::Job& job) {
    return "job " + std::to_string(job.id()) +
           (job.expires_ns() == 0 ? " is not limited in time by the policy\n"
                                  : " ends " + render::fixed_time(job.expires_ns()) + ", unless renewed\n");
}

base::Result<void> run_renew(const std::string& job, const Globals& globals) {
    wire::Request request;
    request.mutable_renew()->set_job(job);
    const auto reply = ask_daemon(globals.socket, std::move(request));
    if (!reply) return std::unexpected(reply.error());
    std::string text;
    for (const wire::Job& one : reply->jobs().job())
        text += globals.json ? render::job_json(one) : text_of_renewed(one);
    return print(text);
}

}  // namespace

Run prepare_renew(CLI::App& app, const Globals& globals) {
    auto job = std::make_shared<std::string>();
    app.add_option("job", *job, "Id, name, or a unique prefix of either")->type_name("JOB")->required();
    return [job, &globals] { return run_renew(*job, globals); };
}

}  // namespace packetsentry::ctl::commands
