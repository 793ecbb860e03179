#include "daemon/policy/decide.h"

namespace packetsentry::policy {
namespace {

Verdict not_a_member(const Rules& rules) {
    if (!rules.group)
        return {false, "there is no group '" + rules.group_name +
                           "', so only root may; 'sudo groupadd --system " + rules.group_name +
                           "', then restart packetsentryd"};
    return {false, "you are not in group " + rules.group_name + "; 'sudo usermod -aG " + rules.group_name +
                       " $USER', then log in again"};
}

bool only_looks(Action action) {
    return action == Action::see_job || action == Action::follow_job;
}

}  // namespace

Verdict decide(const Peer& peer, Action action, const JobFacts* job, const Rules& rules) {
    if (peer.uid == 0) return {true, "root"};
    if (peer.uid == rules.daemon_uid) return {true, "the daemon's own user"};
    if (!rules.group || !is_member(peer, *rules.group)) return not_a_member(rules);
    if (job == nullptr) return {true, "member of " + rules.group_name};
    if (job->owner == peer.uid) return {true, "owner"};
    if (job->always_on && only_looks(action)) return {true, "always-on job"};
    return {false, "the job is another user's"};
}

const char* name_of(Action action) {
    switch (action) {
        case Action::connect:
            return "connect";
        case Action::start_job:
            return "start";
        case Action::see_job:
            return "see";
        case Action::follow_job:
            return "follow";
        case Action::stop_job:
            return "stop";
        case Action::change_filter:
            return "change the filter of";
        case Action::see_daemon:
            return "see the daemon";
    }
    return "?";
}

}  // namespace packetsentry::policy
