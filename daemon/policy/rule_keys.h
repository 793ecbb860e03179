// The table of keys of a rule in the policy file, and how each is read.
#pragma once

#include <toml++/toml.h>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/base/result.h"
#include "daemon/policy/rule.h"

namespace packetsentry::policy {

// Looks up the numbers of names, once, when the file is read.
// Returns nothing if no user or group has the name. Error (internal): the database could not be asked.
struct Names {
    std::function<base::Result<std::optional<uid_t>>(const std::string&)> user;
    std::function<base::Result<std::optional<gid_t>>(const std::string&)> group;
};

struct RuleKey {
    std::string_view name;  // "snaplen"; "redact.payload" in a table
    // Sets the member. Returns what is wrong with the value, or "".
    std::string (*set)(Rule&, const toml::node&, const Names&);
};

[[nodiscard]] std::span<const RuleKey> rule_keys();

}  // namespace packetsentry::policy
