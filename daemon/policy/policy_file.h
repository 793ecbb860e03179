// The policy file: trusted, read, its names looked up.
#pragma once

#include <optional>
#include <string>

#include "daemon/base/result.h"
#include "daemon/policy/rule.h"

namespace packetsentry::policy {

// None: there is no file, which is an error unless optional. Never half a policy. Errors: file (also where
// others than root could have written it), usage with "path:line: ".
[[nodiscard]] base::Result<std::optional<Policy>> read_policy(const std::string& path, bool optional);

}  // namespace packetsentry::policy
