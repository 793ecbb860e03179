#include <CLI/CLI.hpp>
#include <memory>

#include "ctl/client/connection.h"
#include "ctl/commands/commands.h"
#include "ctl/options/capture_options.h"
#include "ctl/render/escape.h"
#include "ctl/render/job_text.h"

namespace packetsentry::ctl::commands {
namespace {

struct NewFilterOptions {
    std::string job;
    FilterOptions filter;
    bool none = false;
};

std::string text_of_filtered(const wire::Job& job) {
    // The daemon tells no more of a job that is somebody else's.
    if (!job.has_capture()) return "job " + std::to_string(job.id()) + " has the new filter\n";
    return "job " + std::to_string(job.id()) + " filter: " + render::escaped(render::filter_name(job)) + "\n";
}

base::Result<void> run_filter(const NewFilterOptions& options, const Globals& globals) {
    if (options.filter.given() == options.none)
        return base::fail(base::ErrorCode::usage, "filter needs either a filter, as in -f dns, or --none");
    auto filter = make_filter(options.filter);
    if (!filter) return std::unexpected(filter.error());
    wire::Request request;
    request.mutable_filter()->set_job(options.job);
    *request.mutable_filter()->mutable_filter() = std::move(*filter);
    const auto reply = ask_daemon(globals.socket, std::move(request));
    if (!reply) return std::unexpected(reply.error());
    std::string text;
    for (const wire::Job& job : reply->jobs().job())
        text += globals.json ? render::job_json(job) : text_of_filtered(job);
    return print(text);
}

}  // namespace

Run prepare_filter(CLI::App& app, const Globals& globals) {
    auto options = std::make_shared<NewFilterOptions>();
    app.add_option("job", options->job, "Id, name, or a unique prefix of either")
        ->type_name("JOB")
        ->required();
    add_filter_options(app, options->filter);
    app.add_flag("--none", options->none, "Remove the filter: capture every packet");
    app.footer(app.get_footer() + "\n\n" + filter_words_help());
    return [options, &globals] { return run_filter(*options, globals); };
}

}  // namespace packetsentry::ctl::commands
