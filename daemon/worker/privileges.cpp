#include "daemon/worker/privileges.h"

#include <cap-ng.h>
#include <grp.h>
#include <linux/if_ether.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

#include "daemon/base/syscall.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::worker {
namespace {

using base::ErrorCode;
using base::Result;

constexpr uid_t kNobody = 65534;

int error_of(int result) {
    return result == 0 ? 0 : errno;
}

// The user namespace does not map the id, or it, or whatever filters the system calls of a container, lets
// nobody become another user.
bool nobody_else_to_be(int error) {
    return error == EINVAL || error == EPERM || error == ENOSYS;
}

// Root without capabilities still owns root's files. Where there is no other user to become, the sandbox
// alone keeps this process from them.
Result<void> leave_root() {
    if (::geteuid() != 0 || capng_have_capability(CAPNG_EFFECTIVE, CAP_SETUID) == 0) return {};
    for (const int error :
         {error_of(::setgroups(0, nullptr)), error_of(::setresgid(kNobody, kNobody, kNobody)),
          error_of(::setresuid(kNobody, kNobody, kNobody))})
        if (error != 0 && !nobody_else_to_be(error))
            return base::fail(ErrorCode::internal, base::syscall_text("leave the root user", error));
    return {};
}

Result<void> drop_capabilities() {
    if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0)
        return base::syscall_failed("clear the ambient set");
    // Needs CAP_SETPCAP, so it comes first; without that no_new_privs does the same work.
    for (int capability = 0; capability <= CAP_LAST_CAP; ++capability)
        (void)::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    if (auto left = leave_root(); !left) return left;
    capng_clear(CAPNG_SELECT_CAPS);
    if (capng_apply(CAPNG_SELECT_CAPS) != 0) return base::syscall_failed("drop the capabilities");
    return {};
}

// Asks the kernel itself, and not /proc, which may not be mounted.
bool holds_a_capability() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
    if (::syscall(SYS_capget, &header, sets.data()) != 0) return true;
    for (int capability = 0; capability <= CAP_LAST_CAP; ++capability)
        if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0) == 1) return true;
    return std::ranges::any_of(sets, [](const __user_cap_data_struct& set) {
        return (set.effective | set.permitted | set.inheritable) != 0;
    });
}

Result<void> prove_dropped() {
    if (holds_a_capability())
        return base::fail(ErrorCode::internal, "a capability is left after dropping all");
    if (::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
        return base::fail(ErrorCode::internal, "no_new_privs is not set");
    const base::UniqueFd packet_socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    if (packet_socket)
        return base::fail(ErrorCode::internal, "a packet socket still opens after dropping all rights");
    return {};
}

}  // namespace

Result<void> drop_privileges() {
    if (capng_get_caps_process() != 0) return base::syscall_failed("read the capabilities");
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return base::syscall_failed("set no_new_privs");
    if (auto dropped = drop_capabilities(); !dropped) return dropped;
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return base::syscall_failed("become undumpable");
    return prove_dropped();
}

}  // namespace packetsentry::worker
