#include <CLI/CLI.hpp>
#include <memory>

#include "ctl/client/connection.h"
#include "ctl/commands/commands.h"
#include "ctl/output/complaint.h"
#include "ctl/render/job_text.h"
#include "proto/words/state_names.h"

namespace packetsentry::ctl::commands {
namespace {

struct StopOptions {
    std::vector<std::string> jobs;
    bool all = false;
};

std::string text_of_stopped(const wire::Job& job) {
    const std::string state =
        "job " + std::to_string(job.id()) + " " + std::string(proto::state_name(job.state()));
    if (!job.has_ledger()) return state + "\n";  // of somebody else, and not to be looked into
    return state + ": " + std::to_string(job.ledger().recorded()) + " packets recorded\n";
}

// Whoever stops a job and then takes its file must know what is not in it.
base::Result<void> tell_unsaved(const wire::Jobs& jobs) {
    bool whole = true;
    for (const wire::Job& job : jobs.job()) {
        if (!job.has_saving_end()) continue;
        complain(render::saving_text(job));
        whole = false;
    }
    if (whole) return {};
    return base::fail(base::ErrorCode::file, "");
}

base::Result<void> run_stop(const StopOptions& options, const Globals& globals) {
    if (options.jobs.empty() != options.all)
        return base::fail(base::ErrorCode::usage,
                          "stop needs either jobs or --all ('packetsentryctl list' shows what there is)");
    wire::Request request;
    request.mutable_stop()->set_all(options.all);
    for (const std::string& job : options.jobs) request.mutable_stop()->add_job(job);
    const auto reply = ask_daemon(globals.socket, std::move(request));
    if (!reply) return std::unexpected(reply.error());
    std::string text;
    for (const wire::Job& job : reply->jobs().job())
        text += globals.json ? render::job_json(job) : text_of_stopped(job);
    if (auto printed = print(text); !printed) return printed;
    return tell_unsaved(reply->jobs());
}

}  // namespace

Run prepare_stop(CLI::App& app, const Globals& globals) {
    auto options = std::make_shared<StopOptions>();
    app.add_option("job", options->jobs, "Id, name, or a unique prefix of either")->type_name("JOB");
    app.add_flag("--all", options->all, "Stop every job that you may stop");
    return [options, &globals] { return run_stop(*options, globals); };
}

}  // namespace packetsentry::ctl::commands
