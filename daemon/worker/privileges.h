// Giving up every right, and proving it, before the first byte is parsed.
#pragma once

#include "daemon/base/result.h"

namespace packetsentry::worker {

// Afterwards: no capability in any set (the bounding set as far as the kernel lets us), none to be had
// by exec, not dumpable, not traceable by others of the same user; not root either where the process
// may change its user. Open descriptors stay. Error: something was left; the caller must end.
[[nodiscard]] base::Result<void> drop_privileges();

}  // namespace packetsentry::worker
