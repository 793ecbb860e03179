// The text of a policy file, and a decision by what became of it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "daemon/policy/decide.h"
#include "daemon/policy/rule_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace packetsentry;
    const policy::Names names{.user = [](const std::string& name) -> std::optional<uid_t> {
                                  return name.size() < 8 ? std::optional<uid_t>(1000) : std::nullopt;
                              },
                              .group = [](const std::string& name) -> std::optional<gid_t> {
                                  return name.size() < 8 ? std::optional<gid_t>(1000) : std::nullopt;
                              }};
    auto read =
        policy::read_rules(std::string(reinterpret_cast<const char*>(data), size), "policy.toml", names);
    if (!read) return 0;
    const policy::Rules rules{.daemon_uid = 1, .group = 1000, .group_name = "packetsentry", .policy = *read};
    policy::Request start(policy::Action::start_job);
    start.interfaces = {"eth0", "any"};
    // No file lets in somebody whom no rule is for.
    if (policy::decide({2000, 2000, {}}, start, nullptr, rules).allowed) std::abort();
    (void)policy::decide({1000, 1000, {}}, start, nullptr, rules);
    return 0;
}
