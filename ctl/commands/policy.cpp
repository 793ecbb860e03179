#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "ctl/client/connection.h"
#include "ctl/commands/commands.h"
#include "ctl/options/capture_options.h"
#include "ctl/options/foreign_words.h"
#include "ctl/options/keep_option.h"
#include "ctl/options/named_user.h"
#include "ctl/render/verdict.h"

namespace packetsentry::ctl::commands {
namespace {

using base::ErrorCode;

constexpr const char* kStart = "start";

struct PolicyOptions {
    std::string verb;
    std::string request;
    std::string job;
    std::string user;
    InterfaceOptions interfaces;
    CaptureOptions capture;
    bool detach = false;
    std::optional<std::string> keep;  // as it was typed
};

base::Result<void> check_words(const PolicyOptions& options) {
    const bool about_job = !options.request.empty() && options.request != kStart;
    // A job that does not exist yet has no name, so the word was meant as a filter.
    if (!about_job && !options.job.empty())
        return base::fail(ErrorCode::usage, filter_advice({&options.job, 1}));
    if (options.request == kStart && options.interfaces.names.empty())
        return base::fail(ErrorCode::usage, "policy check start needs an interface, for example -i eth0");
    if (about_job && options.job.empty())
        return base::fail(ErrorCode::usage, "policy check " + options.request + " needs a job");
    return {};
}

// Everybody may ask about themselves; then the daemon knows best who that is.
base::Result<void> name_user(const std::string& name, wire::CheckPolicy& question) {
    if (name.empty()) return {};
    auto user = identity_of(name);
    if (!user) return std::unexpected(user.error());
    if (user->uid() != ::getuid()) *question.mutable_user() = std::move(*user);
    return {};
}

base::Result<wire::CheckPolicy> make_question(const PolicyOptions& options) {
    if (auto checked = check_words(options); !checked) return std::unexpected(checked.error());
    wire::CheckPolicy question;
    if (auto named = name_user(options.user, question); !named) return std::unexpected(named.error());
    question.set_request(options.request);
    question.set_job(options.job);
    question.set_foreground(!options.detach);
    if (options.request != kStart) return question;
    auto capture = make_capture(options.capture);
    if (!capture) return std::unexpected(capture.error());
    add_interfaces(options.interfaces, *capture);
    *question.mutable_capture() = std::move(*capture);
    if (!options.keep) return question;
    auto keep = parse_keep(*options.keep);
    if (!keep) return std::unexpected(keep.error());
    *question.mutable_keep() = std::move(*keep);
    return question;
}

base::Result<void> run_policy(const PolicyOptions& options, const Globals& globals) {
    auto question = make_question(options);
    if (!question) return std::unexpected(question.error());
    wire::Request request;
    *request.mutable_policy() = std::move(*question);
    const auto reply = ask_daemon(globals.socket, std::move(request));
    if (!reply) return std::unexpected(reply.error());
    const wire::PolicyVerdict& verdict = reply->verdict();
    auto printed = print(globals.json ? render::verdict_json(verdict) : render::verdict_facts(verdict));
    if (!printed || verdict.allowed()) return printed;
    return base::fail(ErrorCode::not_permitted, "");
}

}  // namespace

Run prepare_policy(CLI::App& app, const Globals& globals) {
    auto options = std::make_shared<PolicyOptions>();
    app.add_option("check", options->verb, "The word 'check'")
        ->type_name("CHECK")
        ->required()
        ->check(CLI::IsMember({"check"}));
    app.add_option("request", options->request,
                   "The request to ask about; without one, everything that the user is allowed is shown")
        ->type_name("REQUEST")
        ->check(CLI::IsMember({kStart, "show", "follow", "results", "stop", "filter", "renew"}));
    app.add_option("job", options->job, "Id, name, or a unique prefix of either; not with start")
        ->type_name("JOB");
    app.add_option("--user", options->user, "Ask about this user instead of yourself; only root may do this")
        ->type_name("NAME");
    add_interface_option(app, options->interfaces);
    add_capture_options(app, options->capture);
    app.add_flag("-d,--detach", options->detach, "With start: a job in the background");
    add_keep_option(app, options->keep);
    return [options, &globals] { return run_policy(*options, globals); };
}

}  // namespace packetsentry::ctl::commands
