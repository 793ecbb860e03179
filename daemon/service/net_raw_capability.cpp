#include "daemon/service/net_raw_capability.h"

#include <cap-ng.h>
#include <grp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>

#include "daemon/base/syscall.h"

namespace packetsentry::service {
namespace {

using base::ErrorCode;

bool holds_net_raw() {
    return ::capng_get_caps_process() == 0 && ::capng_have_capability(CAPNG_PERMITTED, CAP_NET_RAW) != 0;
}

// Needs CAP_SETPCAP, so it comes before the sets are cut.
base::Result<void> cut_bounding_set() {
    for (unsigned capability = 0;; ++capability) {
        const int there = ::prctl(PR_CAPBSET_READ, capability);
        if (there < 0) break;
        if (there == 0 || capability == CAP_NET_RAW) continue;
        if (::prctl(PR_CAPBSET_DROP, capability) != 0)
            return base::syscall_failed("reduce the capability bounding set");
    }
    return {};
}

base::Result<void> become(const base::User& user) {
    if (::prctl(PR_SET_KEEPCAPS, 1) != 0) return base::syscall_failed("keep capabilities");
    if (::initgroups(user.name.c_str(), user.gid) != 0)
        return base::syscall_failed("set the groups of " + user.name);
    if (::setresgid(user.gid, user.gid, user.gid) != 0 || ::setresuid(user.uid, user.uid, user.uid) != 0)
        return base::syscall_failed("become " + user.name);
    return {};
}

base::Result<void> cut_sets() {
    ::capng_clear(CAPNG_SELECT_CAPS);
    const auto kept = static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_INHERITABLE);
    if (::capng_update(CAPNG_ADD, kept, CAP_NET_RAW) != 0 || ::capng_apply(CAPNG_SELECT_CAPS) != 0)
        return base::fail(ErrorCode::internal, "cannot keep CAP_NET_RAW alone");
    return {};
}

base::Result<void> hand_on() {
    if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW, 0, 0) != 0)
        return base::syscall_failed("pass CAP_NET_RAW on to workers");
    return {};
}

base::Result<void> drop_all() {
    ::capng_clear(CAPNG_SELECT_CAPS);
    if (::capng_apply(CAPNG_SELECT_CAPS) != 0)
        return base::fail(ErrorCode::internal, "cannot drop capabilities");
    return {};
}

base::Result<void> prove(const std::optional<base::User>& user, bool net_raw) {
    ::capng_clear(CAPNG_SELECT_ALL);
    if (::capng_get_caps_process() != 0) return base::fail(ErrorCode::internal, "cannot read capabilities");
    for (int capability = 0; capability <= CAP_LAST_CAP; ++capability) {
        const bool held = ::capng_have_capability(CAPNG_PERMITTED, static_cast<unsigned>(capability)) != 0 ||
                          ::capng_have_capability(CAPNG_INHERITABLE, static_cast<unsigned>(capability)) != 0;
        if (held != (net_raw && capability == CAP_NET_RAW))
            return base::fail(ErrorCode::internal, "the capabilities were not reduced as they should be");
    }
    if (!user) return {};
    if (::setresuid(0, 0, 0) == 0 || ::geteuid() != user->uid || ::getegid() != user->gid)
        return base::fail(ErrorCode::internal, "the process still has the rights of root");
    return {};
}

base::Result<void> from_root(const std::optional<base::User>& user) {
    const bool net_raw = holds_net_raw();
    if (auto done = cut_bounding_set(); !done) return done;
    if (user) {
        if (auto done = become(*user); !done) return done;
    }
    if (auto done = net_raw ? cut_sets() : drop_all(); !done) return done;
    if (net_raw) {
        if (auto done = hand_on(); !done) return done;
    }
    return prove(user, net_raw);
}

base::Result<void> from_user() {
    if (!holds_net_raw()) return {};
    if (auto done = cut_sets(); !done) return done;
    if (auto done = hand_on(); !done) return done;
    return prove(std::nullopt, true);
}

}  // namespace

base::Result<void> keep_only_net_raw(const std::optional<base::User>& user) {
    auto done = ::geteuid() == 0 ? from_root(user) : from_user();
    if (!done) return done;
    // Not where a worker's own file capability may be the only way to capture.
    if (may_capture() && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return base::syscall_failed("forbid this process to gain new privileges");
    return {};
}

bool may_capture() {
    return ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_NET_RAW, 0, 0) == 1;
}

}  // namespace packetsentry::service
