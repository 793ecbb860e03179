#include "daemon/worker/privileges.h"

#include <cap-ng.h>
#include <grp.h>
#include <linux/if_ether.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "daemon/base/syscall.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::worker {
namespace {

using base::ErrorCode;
using base::Result;

constexpr uid_t kNobody = 65534;

Result<void> failed(const char* attempted) {
    return base::fail(ErrorCode::internal, base::syscall_text(attempted));
}

// Root without capabilities still owns root's files.
Result<void> leave_root() {
    if (::geteuid() != 0 || capng_have_capability(CAPNG_EFFECTIVE, CAP_SETUID) == 0) return {};
    if (::setgroups(0, nullptr) != 0 || ::setresgid(kNobody, kNobody, kNobody) != 0 ||
        ::setresuid(kNobody, kNobody, kNobody) != 0)
        return failed("leave the root user");
    return {};
}

Result<void> drop_capabilities() {
    if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0)
        return failed("clear the ambient set");
    // Needs CAP_SETPCAP, so it comes first; without that no_new_privs does the same work.
    for (int capability = 0; capability <= CAP_LAST_CAP; ++capability)
        (void)::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    if (auto left = leave_root(); !left) return left;
    capng_clear(CAPNG_SELECT_CAPS);
    if (capng_apply(CAPNG_SELECT_CAPS) != 0) return failed("drop the capabilities");
    return {};
}

Result<void> prove_dropped() {
    capng_setpid(0);
    if (capng_get_caps_process() != 0 || capng_have_capabilities(CAPNG_SELECT_CAPS) != CAPNG_NONE)
        return base::fail(ErrorCode::internal, "a capability is left after dropping all");
    const base::UniqueFd packet_socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    if (packet_socket)
        return base::fail(ErrorCode::internal, "a packet socket still opens after dropping all rights");
    return {};
}

}  // namespace

Result<void> drop_privileges() {
    if (capng_get_caps_process() != 0) return failed("read the capabilities");
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("set no_new_privs");
    if (auto dropped = drop_capabilities(); !dropped) return dropped;
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return failed("become undumpable");
    return prove_dropped();
}

}  // namespace packetsentry::worker
