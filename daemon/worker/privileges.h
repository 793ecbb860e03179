// Giving up every right, and proving it, before the first byte is parsed.
#pragma once

#include "daemon/base/result.h"

namespace packetsentry::worker {

// Afterwards: no capability inheritable, permitted, effective or ambient, none to be had by exec, not
// dumpable, not traceable by others of the same user; not root either where the process may change its
// user. The bounding set is emptied as far as the kernel lets us: to drop CAP_NET_RAW from it takes
// CAP_SETPCAP, which the daemon does not have to hand on; with no_new_privs it is worth nothing. Open
// descriptors stay. Error: something was left; the caller must end.
[[nodiscard]] base::Result<void> drop_privileges();

}  // namespace packetsentry::worker
