// The keys of a rule in the policy file: how each is read.
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

// How names become numbers, once, when the file is read.
// None: nobody has the name. Error (internal): the database could not be asked.
struct Names {
    std::function<base::Result<std::optional<uid_t>>(const std::string&)> user;
    std::function<base::Result<std::optional<gid_t>>(const std::string&)> group;
};

struct RuleKey {
    std::string_view name;  // "snaplen"; "redact.payload" in a table
    // Gives back the mistake, or "".
    std::string (*set)(Rule&, const toml::node&, const Names&);
};

[[nodiscard]] std::span<const RuleKey> rule_keys();

}  // namespace packetsentry::policy
