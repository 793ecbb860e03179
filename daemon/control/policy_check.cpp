#include "daemon/control/policy_check.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>

#include "daemon/control/alternative_name.h"
#include "daemon/control/verdicts.h"
#include "daemon/jobs/terms.h"

namespace packetsentry::control {
namespace {

using base::ErrorCode;
using policy::Action;

struct JobQuestion {
    std::string_view request;
    Action action;
};

constexpr std::array kJobQuestions = {
    JobQuestion{"show", Action::see_job},         JobQuestion{"follow", Action::follow_job},
    JobQuestion{"results", Action::read_past},    JobQuestion{"stop", Action::stop_job},
    JobQuestion{"filter", Action::change_filter}, JobQuestion{"renew", Action::renew_job},
};

// The name is for messages alone, and whoever asks has chosen it.
policy::Peer peer_of(const wire::Identity& identity) {
    constexpr std::size_t kShown = 64;
    return {.uid = identity.uid(),
            .gid = identity.gid(),
            .groups = {identity.group().begin(), identity.group().end()},
            .name = identity.name().empty() ? "uid " + std::to_string(identity.uid())
                                            : identity.name().substr(0, kShown)};
}

void put_terms(const policy::Terms& terms, const jobs::Limits& limits, wire::PolicyVerdict& answer) {
    jobs::apply(terms, *answer.mutable_terms());
    answer.set_max_jobs(terms.jobs != 0 ? terms.jobs : limits.live_per_user);
    answer.set_lifetime_ns(static_cast<std::uint64_t>(std::chrono::nanoseconds(terms.lifetime).count()));
}

wire::PolicyVerdict answer_of(const policy::Verdict& verdict) {
    wire::PolicyVerdict answer;
    answer.set_allowed(verdict.allowed);
    answer.set_reason(verdict.reason);
    answer.set_rule(verdict.rule);
    answer.set_unrestricted(verdict.allowed && !verdict.by_rule);
    return answer;
}

void put_rule(const policy::Rule& rule, wire::PolicyVerdict& answer) {
    for (const policy::Permission permission : policy::kPermissions)
        if (rule.permissions.test(place_of(permission))) answer.add_action(std::string(word_of(permission)));
    for (const std::string& glob : rule.interfaces) answer.add_interface(glob);
    answer.set_all_jobs(rule.all_jobs);
}

// Where no rule restricts the user. Others than root have no rows kept in the spool then.
void put_everything(bool is_root, wire::PolicyVerdict& answer) {
    for (const policy::Permission permission : policy::kPermissions)
        if (is_root || permission != policy::Permission::keep)
            answer.add_action(std::string(word_of(permission)));
    answer.add_interface("*");
    answer.set_all_jobs(is_root);
}

// Tells all that the user may do.
wire::PolicyVerdict answer_in_general(const policy::Peer& user, Shared& shared) {
    const policy::Rules& rules = shared.rules;
    const policy::Rule* const rule = find_rule(user, rules);
    const Action about = rule == nullptr ? Action::see_job : Action::connect;
    const policy::Verdict verdict = decide(user, about, nullptr, rules);
    wire::PolicyVerdict answer = answer_of(verdict);
    if (!verdict.allowed) return answer;
    put_terms(rule == nullptr ? policy::Terms{} : rule->terms, shared.registry().limits(), answer);
    if (rule == nullptr) {
        put_everything(is_unrestricted(user, rules), answer);
        return answer;
    }
    put_rule(*rule, answer);
    answer.set_rule(label_of(*rule, *rules.policy));
    answer.set_reason("it is the first rule that applies to the user");
    answer.set_unrestricted(false);
    answer.set_allowed(rule->permissions.any());
    return answer;
}

wire::PolicyVerdict answer_to_start(const policy::Peer& user, const wire::CheckPolicy& question,
                                    Shared& shared) {
    wire::CaptureSpec capture = question.capture();
    use_own_names(capture);
    const wire::Keep* const keep = question.has_keep() ? &question.keep() : nullptr;
    const policy::Verdict verdict =
        decide(user, request_to_start(capture, question.foreground(), keep), nullptr, shared.rules);
    wire::PolicyVerdict answer = answer_of(verdict);
    if (verdict.allowed) put_terms(verdict.terms, shared.registry().limits(), answer);
    return answer;
}

// Answers about a job that the asking peer can find. A job that it cannot find is answered as one that does
// not exist.
base::Result<wire::PolicyVerdict> answer_about_job(const policy::Peer& peer, const policy::Peer& user,
                                                   Action action, const std::string& text, Shared& shared) {
    const auto visible = [&](const jobs::Job& one) { return can_find(peer, action, one, shared.rules); };
    const auto job = shared.registry().find(text, visible, peer.uid);
    if (!job) return std::unexpected(job.error());
    return answer_of(verdict_on(user, action, job->get(), shared.rules));
}

}  // namespace

base::Result<wire::PolicyVerdict> checked_policy(const policy::Peer& peer, const wire::CheckPolicy& question,
                                                 Shared& shared) {
    const policy::Peer user = question.has_user() ? peer_of(question.user()) : peer;
    if (question.has_user() && !is_unrestricted(peer, shared.rules))
        return base::fail(ErrorCode::not_permitted, "only root may ask what the policy allows other users");
    if (question.request().empty()) return answer_in_general(user, shared);
    if (question.request() == "start") return answer_to_start(user, question, shared);
    const auto* const about = std::ranges::find(kJobQuestions, question.request(), &JobQuestion::request);
    if (about == kJobQuestions.end())
        return base::fail(
            ErrorCode::usage,
            "there is no request '" + question.request().substr(0, 80) +
                "' in the policy; the requests are: start, show, follow, results, stop, filter, renew");
    return answer_about_job(peer, user, about->action, question.job(), shared);
}

}  // namespace packetsentry::control
