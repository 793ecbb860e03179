#include "daemon/policy/decide.h"

#include <algorithm>

namespace packetsentry::policy {
namespace {

constexpr std::size_t kNameShown = 64;

bool is_member_of_socket_group(const Peer& peer, const Rules& rules) {
    return rules.group && is_member(peer, *rules.group);
}

// "you are", "bob is"
std::string who_is(const Peer& peer) {
    return peer.name.empty() ? "you are" : peer.name + " is";
}

Verdict not_a_member(const Peer& peer, const Rules& rules) {
    if (!rules.group)
        return {false,
                "there is no group '" + rules.group_name +
                    "', so only root may use packetsentryd; 'sudo groupadd --system " + rules.group_name +
                    "', then restart packetsentryd",
                "no group"};
    const std::string user = peer.name.empty() ? "$USER" : peer.name;
    return {false,
            who_is(peer) + " not in group " + rules.group_name + "; 'sudo usermod -aG " + rules.group_name +
                " " + user + "', then " + (peer.name.empty() ? "" : "let " + user + " ") + "log in again",
            "no member"};
}

Verdict not_in_database(const Peer& peer) {
    const std::string uid = "uid " + std::to_string(peer.uid);
    if (peer.standing == Standing::unanswered)
        return {false,
                "the user database does not answer, so it is not known which rule applies to " + uid +
                    "; try again later",
                "no answer"};
    return {false, uid + " is not in the user database, and no rule of the policy names it", "unknown user"};
}

bool reads_rows(Action action) {
    return action == Action::follow_job || action == Action::read_past;
}

bool only_looks(Action action) {
    return action == Action::see_job || reads_rows(action);
}

Verdict without_policy(const Peer& peer, const Request& request, const JobFacts* job, const Rules& rules) {
    const std::string rule = "no policy file";
    const Action action = request.action;
    if (request.keeps)
        return {false,
                "only root may have rows kept in the spool, because no policy file has a rule that allows "
                "'keep'",
                rule};
    if (job == nullptr) return {true, "member of " + rules.group_name, rule};
    if (job->owner == peer.uid) return {true, "owner", rule};
    if (job->always_on && only_looks(action)) return {true, "always-on job", rule};
    return {false, "the job belongs to another user", rule};
}

std::vector<Permission> needed(const Request& request) {
    std::vector<Permission> permissions;
    if (const auto one = needed_for(request.action)) permissions.push_back(*one);
    if (request.saves) permissions.push_back(Permission::save);
    if (request.follows) permissions.push_back(Permission::view);
    if (request.filters) permissions.push_back(Permission::filter);
    if (request.keeps) permissions.push_back(Permission::keep);
    return permissions;
}

std::string list_of(const std::vector<std::string>& texts) {
    std::string list;
    for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + text;
    return list;
}

// What the rule has against the request itself; "": nothing.
std::string objection(const Rule& rule, const Request& request) {
    for (const Permission permission : needed(request))
        if (!rule.permissions.test(place_of(permission)))
            return "does not allow '" + std::string(word_of(permission)) + "'";
    for (const std::string& name : request.interfaces)
        if (!allows_interface(rule, name))
            return "allows the interfaces " + list_of(rule.interfaces) + ", not '" +
                   name.substr(0, kNameShown) + "'";
    return "";
}

// What a rule has against doing it to this job; "" is nothing. Of others' jobs a peer sees what it could have
// captured itself.
std::string objection(const Rule& rule, const Peer& peer, Action action, const JobFacts& job) {
    if (job.owner == peer.uid) return "";
    if (!rule.all_jobs && !(job.always_on && only_looks(action)))
        return "allows this only for a user's own jobs, and the job belongs to another user";
    if (!reads_rows(action)) return "";
    for (const std::string& name : job.interfaces)
        if (!allows_interface(rule, name)) return "does not allow the job's interface '" + name + "'";
    if (job.has_packets && !rule.permissions.test(place_of(Permission::save)))
        return "does not allow 'save', and the job's rows have the bytes of its packets";
    if (!show_no_more(job.terms, rule.terms))
        return "lets users see less of each packet than the job captures";
    return "";
}

Verdict by_rule(const Rule& rule, const Peer& peer, const Request& request, const JobFacts* job,
                const Policy& policy) {
    const std::string label = label_of(rule, policy);
    std::string against = objection(rule, request);
    if (against.empty() && job != nullptr) against = objection(rule, peer, request.action, *job);
    if (!against.empty()) return {.reason = label + " " + against, .rule = label, .by_rule = true};
    return {true, label + " allows it", label, rule.terms, true};
}

}  // namespace

std::string label_of(const Rule& rule, const Policy& policy) {
    const auto number = &rule - policy.rules.data() + 1;
    return "rule " + std::to_string(number) + " (" + policy.path + ":" + std::to_string(rule.line) + ")";
}

bool is_unrestricted(const Peer& peer, const Rules& rules) {
    return peer.uid == 0 || peer.uid == rules.daemon_uid;
}

const Rule* find_rule(const Peer& peer, const Rules& rules) {
    if (is_unrestricted(peer, rules) || !is_member_of_socket_group(peer, rules) || !rules.policy)
        return nullptr;
    const auto& all = rules.policy->rules;
    const auto found = std::ranges::find_if(all, [&](const Rule& rule) { return is_for(rule, peer); });
    return found == all.end() ? nullptr : &*found;
}

bool is_named(uid_t user, const Rules& rules) {
    return rules.policy &&
           std::ranges::any_of(rules.policy->rules, [user](const Rule& rule) { return names(rule, user); });
}

Verdict decide(const Peer& peer, const Request& request, const JobFacts* job, const Rules& rules) {
    if (peer.uid == 0) return {true, "root", "root"};
    if (peer.uid == rules.daemon_uid) return {true, "the daemon's own user", "the daemon's own user"};
    if (!is_member_of_socket_group(peer, rules)) return not_a_member(peer, rules);
    if (!rules.policy) return without_policy(peer, request, job, rules);
    if (peer.standing != Standing::known && !is_named(peer.uid, rules)) return not_in_database(peer);
    if (!needed_for(request.action)) return {true, "member of " + rules.group_name, "member"};
    if (const Rule* rule = find_rule(peer, rules)) return by_rule(*rule, peer, request, job, *rules.policy);
    return {false,
            "no rule in " + rules.policy->path + " applies to " + (peer.name.empty() ? "you" : peer.name),
            "no rule"};
}

}  // namespace packetsentry::policy
