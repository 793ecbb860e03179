// Reduces the rights of the control process: it becomes the service user, and keeps only CAP_NET_RAW, which
// it passes on to workers.
#pragma once

#include <optional>

#include "daemon/base/names.h"
#include "daemon/base/result.h"

namespace packetsentry::service {

// As root: becomes user (none: stays root) with CAP_NET_RAW alone, ambient, and an empty bounding set
// but for it, and proves it. As anybody else: hands CAP_NET_RAW on where it is held. Afterwards this
// process and its children can gain no more. Errors: internal.
[[nodiscard]] base::Result<void> keep_only_net_raw(const std::optional<base::User>& user);

// Workers started from here can capture.
[[nodiscard]] bool may_capture();

}  // namespace packetsentry::service
