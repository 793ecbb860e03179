#include "daemon/control/verdicts.h"

#include <algorithm>
#include <string>

#include "daemon/jobs/terms.h"

namespace packetsentry::control {
namespace {

// In no group: an id that nobody has.
constexpr gid_t kNoGroup = static_cast<gid_t>(-1);

// A standing job is for whom its file names, and for root.
bool is_reader(const policy::Peer& peer, const wire::Standing& standing) {
    const auto& users = standing.reader_user();
    return std::ranges::find(users, peer.uid) != users.end() ||
           std::ranges::any_of(standing.reader_group(),
                               [&](gid_t group) { return policy::is_member(peer, group); });
}

policy::JobFacts facts_of(const policy::Peer& peer, const jobs::Job& job) {
    const wire::CaptureSpec& capture = job.capture();
    return {.owner = job.order().owner,
            .always_on = job.order().standing && is_reader(peer, *job.order().standing),
            .interfaces = {capture.interface().begin(), capture.interface().end()},
            .terms = jobs::terms_of(capture, job.terms()),
            .has_packets = capture.with_bytes()};
}

// The groups that the owner presented count while that session lasts, for whom a rule names, and where there
// is nothing better.
policy::Peer owner_of(const jobs::Order& order, const policy::Rules& rules, const base::Identity* identity) {
    const bool by_database = identity != nullptr && identity->known;
    std::vector<gid_t> groups;
    if (by_database) groups = identity->groups;
    if (!by_database || order.foreground || policy::is_named(order.owner, rules))
        groups.insert(groups.end(), order.owner_groups.begin(), order.owner_groups.end());
    const auto standing = identity == nullptr ? policy::Standing::known
                          : by_database       ? policy::Standing::known
                                              : policy::Standing::unknown;
    return {order.owner, groups.empty() ? kNoGroup : groups.front(), groups, standing};
}

}  // namespace

policy::Request request_to_start(const wire::CaptureSpec& capture, bool foreground, const wire::Keep* keep) {
    policy::Request request(policy::Action::start_job);
    request.interfaces.assign(capture.interface().begin(), capture.interface().end());
    // Rows with the bytes of packets are as good as a file, and so are packets in the spool.
    request.saves = capture.save().format() != wire::SAVE_NONE || capture.with_bytes() ||
                    (keep != nullptr && keep->has_packets());
    request.keeps = keep != nullptr;
    request.follows = foreground;
    request.filters = capture.filter().ByteSizeLong() != 0;
    return request;
}

policy::Verdict verdict_on(const policy::Peer& peer, const policy::Request& request, const jobs::Job* job,
                           const policy::Rules& rules) {
    if (job == nullptr) return policy::decide(peer, request, nullptr, rules);
    const policy::JobFacts facts = facts_of(peer, *job);
    return policy::decide(peer, request, &facts, rules);
}

bool is_database_member(const base::Identity* identity, const policy::Rules& rules) {
    return identity != nullptr && rules.group &&
           std::ranges::find(identity->groups, *rules.group) != identity->groups.end();
}

base::Result<void> may_leave_jobs(const policy::Peer& peer, const policy::Rules& rules,
                                  const base::Identity* identity) {
    if (policy::is_unrestricted(peer, rules) || policy::is_named(peer.uid, rules) ||
        is_database_member(identity, rules))
        return {};
    if (identity == nullptr)
        return base::fail(base::ErrorCode::unreachable,
                          "the user database does not answer, and only a member may start a job in the "
                          "background; try again later");
    if (rules.group_name.find_first_not_of("0123456789") == std::string::npos)
        return base::fail(
            base::ErrorCode::not_permitted,
            "a job in the background continues after your client has ended, so you must be a member of "
            "group " +
                rules.group_name +
                " in the user database, but that group has no name there; start the capture without -d");
    const std::string who =
        identity->known ? identity->name : "uid " + std::to_string(peer.uid) + ", which it does not know,";
    return base::fail(
        base::ErrorCode::not_permitted,
        "a job in the background continues after your client has ended, so you must be a member of group " +
            rules.group_name + " in the user database, but " + who + " is not; 'sudo adduser USER " +
            rules.group_name + "' changes that, or start the capture without -d");
}

policy::Verdict verdict_on_order(const jobs::Order& order, const policy::Rules& rules,
                                 const base::Identity* identity) {
    const policy::Peer owner = owner_of(order, rules, identity);
    const bool exempt = policy::is_unrestricted(owner, rules) || policy::is_named(order.owner, rules);
    const bool must_be_member = !order.foreground || order.database_member;
    if (!exempt && identity != nullptr && must_be_member && !is_database_member(identity, rules))
        return {.reason = "uid " + std::to_string(order.owner) +
                          (identity->known ? " (" + identity->name + ")" : "") + " is not in group " +
                          rules.group_name + " any more",
                .rule = "no member"};
    const wire::Keep* const keep = order.keep ? &*order.keep : nullptr;
    policy::Request request = request_to_start(order.capture, order.foreground, keep);
    request.filters = false;
    const bool kept_by_member = request.keeps && !policy::is_unrestricted(owner, rules);
    if (!rules.policy && !kept_by_member)
        return {.allowed = true, .reason = "no policy file", .rule = "no policy file"};
    return policy::decide(owner, request, nullptr, rules);
}

policy::JobFacts facts_of_kept(const policy::Peer& peer, uid_t owner, const wire::KeptJob& job,
                               bool with_packets) {
    wire::CaptureSpec capture;
    capture.set_snapshot_length(job.snapshot_length());
    return {.owner = owner,
            .always_on = job.has_standing() && is_reader(peer, job.standing()),
            .interfaces = {job.interface().begin(), job.interface().end()},
            .terms = jobs::terms_of(capture, job.terms()),
            .has_packets = with_packets};
}

bool can_find(const policy::Peer& peer, policy::Action action, const jobs::Job& job,
              const policy::Rules& rules) {
    return job.order().owner == peer.uid || verdict_on(peer, policy::Action::see_job, &job, rules).allowed ||
           verdict_on(peer, action, &job, rules).allowed;
}

bool may_see_all_rows(const policy::Peer& peer, const jobs::Job& job, const policy::Rules& rules) {
    policy::JobFacts facts = facts_of(peer, job);
    facts.terms = {};
    return policy::decide(peer, policy::Action::follow_job, &facts, rules).allowed;
}

std::vector<gid_t> groups_of(const policy::Peer& peer) {
    std::vector<gid_t> groups{peer.gid};
    groups.insert(groups.end(), peer.groups.begin(), peer.groups.end());
    return groups;
}

}  // namespace packetsentry::control
