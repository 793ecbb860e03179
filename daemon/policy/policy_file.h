// Reads the policy file, if it can be trusted, and looks up the names in it.
#pragma once

#include <optional>
#include <string>

#include "daemon/base/result.h"
#include "daemon/policy/rule.h"

namespace packetsentry::policy {

// Returns the whole policy, or nothing if there is no file, which is an error unless optional. Errors: file
// (also if users other than root could have written it); usage, beginning with "path:line: ".
[[nodiscard]] base::Result<std::optional<Policy>> read_policy(const std::string& path, bool optional);

}  // namespace packetsentry::policy
