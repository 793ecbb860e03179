#include "daemon/control/policy_filters.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace packetsentry::control {
namespace {

// "" where the filters, a rule each, are taken for right. fake_worker.cpp does as the filter says.
std::string mistake(const std::vector<std::string>& filters, const std::string& worker = FAKE_WORKER) {
    policy::Policy policy{.path = "/p.toml", .rules = {}};
    for (const std::string& filter : filters) {
        const auto line = static_cast<std::uint32_t>(10 * policy.rules.size() + 1);
        policy.rules.push_back({.line = line, .terms = {.filter = filter}});
    }
    const auto checked = check_filters_now(worker, policy);
    if (checked) return "";
    EXPECT_EQ(checked.error().code, base::ErrorCode::usage);
    return checked.error().message;
}

TEST(PolicyFilters, TheFirstMistakeIsToldWithItsPlace) {
    EXPECT_EQ(mistake({}), "");
    EXPECT_EQ(mistake({"", "normal", "", "normal"}), "");
    EXPECT_EQ(mistake({"normal", "refuse", "refuse"}), "/p.toml:11: no such filter");
}

TEST(PolicyFilters, WhereNoWorkerCanBeAskedThePolicyIsTaken) {
    EXPECT_EQ(mistake({"refuse"}, "/no/such/worker"), "");
    EXPECT_EQ(mistake({"silent exit", "refuse"}), "");
}

}  // namespace
}  // namespace packetsentry::control
