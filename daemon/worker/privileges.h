// Gives up every right, and proves it, before the first byte is parsed.
#pragma once

#include "daemon/base/result.h"

namespace packetsentry::worker {

// Afterwards the process:
//  - has no inheritable, permitted, effective or ambient capability, and cannot get one by exec;
//  - is not dumpable, and cannot be traced by other processes of the same user;
//  - is not root, if there is another user to become. In a user namespace that maps only root (a container
//  without root)
//    there is none. There root without capabilities, with no_new_privs and in the sandbox has no more rights
//    than any user outside.
// The bounding set is emptied as far as the kernel allows. Removing CAP_NET_RAW from it needs CAP_SETPCAP,
// which the daemon does not have and so cannot pass on; with no_new_privs, the entry has no effect. Open
// descriptors stay open. Error (internal): a right was left; the caller must end the process.
[[nodiscard]] base::Result<void> drop_privileges();

}  // namespace packetsentry::worker
