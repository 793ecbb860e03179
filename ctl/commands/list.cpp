#include <CLI/CLI.hpp>
#include <memory>

#include "ctl/client/connection.h"
#include "ctl/commands/commands.h"
#include "ctl/render/job_text.h"

namespace packetsentry::ctl::commands {
namespace {

struct ListOptions {
    bool no_legend = false;
    bool running = false;
};

bool is_over(const wire::Job& job) {
    return job.state() == wire::JOB_FINISHED || job.state() == wire::JOB_FAILED;
}

// Those that have ended come last, each part by id.
wire::Jobs arranged(const wire::Jobs& jobs, bool only_running) {
    wire::Jobs arranged;
    for (const bool over : {false, true})
        for (const wire::Job& job : jobs.job())
            if (is_over(job) == over && !(over && only_running)) *arranged.add_job() = job;
    return arranged;
}

base::Result<void> run_list(const ListOptions& options, const Globals& globals) {
    wire::Request request;
    request.mutable_list();
    const auto reply = ask_daemon(globals.socket, std::move(request));
    if (!reply) return std::unexpected(reply.error());
    const wire::Jobs jobs = arranged(reply->jobs(), options.running);
    if (!globals.json) return print(render::jobs_table(jobs, !options.no_legend));
    std::string text;
    for (const wire::Job& job : jobs.job()) text += render::job_json(job);
    return print(text);
}

}  // namespace

Run prepare_list(CLI::App& app, const Globals& globals) {
    auto options = std::make_shared<ListOptions>();
    app.add_flag("--no-legend", options->no_legend, "Leave out the heading of the table");
    app.add_flag("--running", options->running, "Leave out the jobs that have ended");
    return [options, &globals] { return run_list(*options, globals); };
}

}  // namespace packetsentry::ctl::commands
