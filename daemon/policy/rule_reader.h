// Reads the text of a policy file. It is TOML; an unknown key, a wrong type or a number out of range is an
// error. A name that no user or group has is not an error; warnings_of() reports it.
#pragma once

#include <string>

#include "daemon/base/result.h"
#include "daemon/policy/rule.h"
#include "daemon/policy/rule_keys.h"

namespace packetsentry::policy {

// path: the file from which the text is. Errors (usage) begin with "path:line: ".
[[nodiscard]] base::Result<Policy> read_rules(const std::string& text, const std::string& path,
                                              const Names& names);

}  // namespace packetsentry::policy
