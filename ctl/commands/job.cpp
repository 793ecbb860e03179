#include <CLI/CLI.hpp>
#include <memory>
#include <utility>

#include "ctl/client/filter_check.h"
#include "ctl/client/small_file.h"
#include "ctl/commands/commands.h"
#include "ctl/options/display_filter.h"
#include "ctl/output/complaint.h"
#include "ctl/render/job_check.h"
#include "daemon/standing/job_file.h"

namespace packetsentry::ctl::commands {
namespace {

using base::ErrorCode;
using standing::StandingJob;

struct JobOptions {
    std::string verb;
    std::vector<std::string> files;
};

// "/etc/packetsentry/jobs.d/night.toml:3: 'filter.bpf'"
std::string place_of(const StandingJob& job, std::uint32_t line, const std::string& key) {
    return job.path + ":" + std::to_string(line) + ": '" + key + "'";
}

// Errors in an expression are mistakes in the file, whatever their own code is.
base::Error in_file(base::Error error) {
    error.code = ErrorCode::usage;
    return error;
}

base::Result<void> check_display(const StandingJob& job) {
    if (job.filter.display().empty()) return {};
    const auto expression =
        parse_display_filter(job.filter.display(), place_of(job, job.display_line, "filter.display"));
    if (!expression) return std::unexpected(in_file(expression.error()));
    return {};
}

// unchecked: is set if no worker could be asked, which says nothing about the file.
base::Result<void> check_bpf(const StandingJob& job, std::string& unchecked) {
    if (job.filter.bpf().empty()) return {};
    const auto checked = check_expression(job.filter.bpf());
    if (checked) return {};
    if (checked.error().code != ErrorCode::filter) {
        unchecked = checked.error().message;
        return {};
    }
    return base::fail(ErrorCode::usage,
                      place_of(job, job.bpf_line, "filter.bpf") + ": " + checked.error().message);
}

base::Result<render::JobCheck> check_file(const std::string& path) {
    const auto text = read_small_file(path, standing::kJobFileLimit);
    if (!text) return std::unexpected(text.error());
    const auto job = standing::read_job_text(*text, path);
    if (!job) return std::unexpected(job.error());
    render::JobCheck check{.file = path, .name = job->name, .meaning = standing::describe(*job)};
    if (auto checked = check_display(*job); !checked) return std::unexpected(checked.error());
    if (auto checked = check_bpf(*job, check.unchecked); !checked) return std::unexpected(checked.error());
    return check;
}

base::Result<void> print_outcome(const std::string& path, const base::Result<render::JobCheck>& check,
                                 bool json) {
    if (json)
        return print(render::job_check_json(
            check ? *check : render::JobCheck{.file = path, .mistake = check.error().message}));
    if (check) return print(render::job_check_line(*check));
    complain(check.error().message, check.error().picture);
    return {};
}

// All files are checked. The first mistake gives the exit code.
base::Result<void> run_job(const JobOptions& options, const Globals& globals) {
    base::Result<void> outcome;
    for (const std::string& path : options.files) {
        const auto check = check_file(path);
        if (auto printed = print_outcome(path, check, globals.json); !printed) return printed;
        if (!check && outcome) outcome = base::fail(check.error().code, "");
    }
    return outcome;
}

}  // namespace

Run prepare_job(CLI::App& app, const Globals& globals) {
    auto options = std::make_shared<JobOptions>();
    app.add_option("check", options->verb, "The word 'check'")
        ->type_name("CHECK")
        ->required()
        ->check(CLI::IsMember({"check"}));
    app.add_option("file", options->files, "Files of standing jobs, each called NAME.toml")
        ->type_name("FILE")
        ->required();
    return [options, &globals] { return run_job(*options, globals); };
}

}  // namespace packetsentry::ctl::commands
