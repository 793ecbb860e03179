// Giving up every right, and proving it, before the first byte is parsed.
#pragma once

#include "daemon/base/result.h"

namespace packetsentry::worker {

// Afterwards: no capability inheritable, permitted, effective or ambient, none to be had by exec, not
// dumpable, not traceable by others of the same user; not root either where there is another user to become.
// In a user namespace that maps root alone (a container without root) there is none: then root without a
// capability, with no_new_privs and in the sandbox is what any user is outside. The bounding set is emptied
// as far as the kernel lets us: to drop CAP_NET_RAW from it takes CAP_SETPCAP, which the daemon does not have
// to hand on; with no_new_privs it is worth nothing. Open descriptors stay. Error: something was left; the
// caller must end.
[[nodiscard]] base::Result<void> drop_privileges();

}  // namespace packetsentry::worker
