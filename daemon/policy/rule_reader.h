// The text of a policy file (TOML): every key known, every type right, every number in range. A name
// that no user or group has is told of by warnings_of().
#pragma once

#include <string>

#include "daemon/base/result.h"
#include "daemon/policy/rule.h"
#include "daemon/policy/rule_keys.h"

namespace packetsentry::policy {

// path: where the text is from. Errors (usage) begin with "path:line: ".
[[nodiscard]] base::Result<Policy> read_rules(const std::string& text, const std::string& path,
                                              const Names& names);

}  // namespace packetsentry::policy
