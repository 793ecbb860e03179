#include "daemon/policy/policy_file.h"

#include "daemon/base/names.h"
#include "daemon/base/trusted_path.h"
#include "daemon/policy/rule_reader.h"

namespace packetsentry::policy {
namespace {

base::Result<std::optional<uid_t>> user_id(const std::string& name) {
    const auto user = base::look_up_user(name);
    if (!user) return std::unexpected(user.error());
    if (!*user) return std::nullopt;
    return (*user)->uid;
}

}  // namespace

base::Result<std::optional<Policy>> read_policy(const std::string& path, bool optional) {
    const auto text = base::read_trusted_file(path);
    if (!text) return std::unexpected(base::Error{text.error().code, "the policy: " + text.error().message});
    if (!*text && !optional)
        return base::fail(base::ErrorCode::file, "the policy: there is no file '" + path + "'");
    if (!*text) return std::nullopt;
    auto policy = read_rules(**text, path, {user_id, base::look_up_group});
    if (!policy) return std::unexpected(policy.error());
    return std::move(*policy);
}

}  // namespace packetsentry::policy
