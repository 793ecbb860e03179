#include "daemon/control/verdicts.h"

#include "daemon/jobs/terms.h"

namespace packetsentry::control {
namespace {

// In no group: an id that nobody has.
constexpr gid_t kNoGroup = static_cast<gid_t>(-1);

policy::JobFacts facts_of(const jobs::Job& job) {
    const wire::CaptureSpec& capture = job.capture();
    return {.owner = job.order().owner,
            .interfaces = {capture.interface().begin(), capture.interface().end()},
            .terms = jobs::terms_of(capture)};
}

}  // namespace

policy::Request request_to_start(const wire::CaptureSpec& capture, bool foreground) {
    policy::Request request(policy::Action::start_job);
    request.interfaces.assign(capture.interface().begin(), capture.interface().end());
    request.saves = capture.save().format() != wire::SAVE_NONE;
    request.follows = foreground;
    request.filters = capture.filter().ByteSizeLong() != 0;
    return request;
}

policy::Verdict verdict_on(const policy::Peer& peer, const policy::Request& request, const jobs::Job* job,
                           const policy::Rules& rules) {
    if (job == nullptr) return policy::decide(peer, request, nullptr, rules);
    const policy::JobFacts facts = facts_of(*job);
    return policy::decide(peer, request, &facts, rules);
}

policy::Verdict verdict_on_order(const jobs::Order& order, const policy::Rules& rules) {
    if (!rules.policy) return {.allowed = true, .reason = "no policy file", .rule = "no policy file"};
    const auto& groups = order.owner_groups;
    const policy::Peer owner{order.owner, groups.empty() ? kNoGroup : groups.front(), groups};
    policy::Request request = request_to_start(order.capture, order.foreground);
    request.filters = false;
    return policy::decide(owner, request, nullptr, rules);
}

bool can_find(const policy::Peer& peer, policy::Action action, const jobs::Job& job,
              const policy::Rules& rules) {
    return job.order().owner == peer.uid || verdict_on(peer, policy::Action::see_job, &job, rules).allowed ||
           verdict_on(peer, action, &job, rules).allowed;
}

bool may_see_all_rows(const policy::Peer& peer, const jobs::Job& job, const policy::Rules& rules) {
    policy::JobFacts facts = facts_of(job);
    facts.terms = {};
    return policy::decide(peer, policy::Action::follow_job, &facts, rules).allowed;
}

std::vector<gid_t> groups_of(const policy::Peer& peer) {
    std::vector<gid_t> groups{peer.gid};
    groups.insert(groups.end(), peer.groups.begin(), peer.groups.end());
    return groups;
}

}  // namespace packetsentry::control
