// Looks up the numbers of a user by name.
#pragma once

#include <string>

#include "daemon/base/result.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::ctl {

// name: of a user, or a uid. With the groups that a new session of theirs would have. Error: usage.
[[nodiscard]] base::Result<wire::Identity> identity_of(const std::string& name);

}  // namespace packetsentry::ctl
