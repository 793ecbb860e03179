#include "daemon/control/verdicts.h"

#include <gtest/gtest.h>

namespace packetsentry::control {
namespace {

using policy::Action;
using policy::Permission;

constexpr gid_t kGroup = 991;
constexpr uid_t kOwner = 1000;
constexpr uid_t kOnlooker = 1001;

policy::Permissions all_but_filter() {
    policy::Permissions permissions;
    permissions.set();
    return permissions.reset(place_of(Permission::filter));
}

policy::Rules rules_with(const policy::Terms& terms_of_onlooker = {}) {
    const policy::Rule owner{.users = {kOwner}, .permissions = all_but_filter()};
    const policy::Rule onlooker{
        .users = {kOnlooker}, .permissions = all_but_filter(), .all_jobs = true, .terms = terms_of_onlooker};
    return {990, kGroup, "packetsentry", policy::Policy{"p.toml", {owner, onlooker}}};
}

policy::Peer peer(uid_t uid) {
    return {uid, kGroup, {}};
}

jobs::Order order_with_filter() {
    jobs::Order order;
    order.owner = kOwner;
    order.owner_groups = {kGroup};
    order.capture.add_interface("eth0");
    order.capture.mutable_filter()->set_bpf("udp");
    return order;
}

TEST(Verdicts, AFilterIsAskedAboutAtTheStartAlone) {
    const jobs::Order order = order_with_filter();
    const policy::Rules rules = rules_with();
    EXPECT_FALSE(verdict_on(peer(kOwner), request_to_start(order.capture, false), nullptr, rules).allowed);
    EXPECT_TRUE(verdict_on_order(order, rules).allowed);
}

TEST(Verdicts, AJobWhoseOwnerMayStartNoMoreEnds) {
    jobs::Order order = order_with_filter();
    order.capture.set_interface(0, "eth1");
    policy::Rules rules = rules_with();
    rules.policy->rules[0].interfaces = {"eth0"};
    EXPECT_FALSE(verdict_on_order(order, rules).allowed);
}

TEST(Verdicts, RowsOfWhateverTermsAreForOwnersAndRulesWithout) {
    const policy::Terms masked{.redaction = {.mask_addresses = true}};
    jobs::Order order = order_with_filter();
    order.verdict.terms = masked;
    const jobs::Job job(1, order, 1000, {});
    EXPECT_TRUE(may_see_all_rows(peer(kOwner), job, rules_with()));
    EXPECT_TRUE(may_see_all_rows(peer(kOnlooker), job, rules_with({.packets_per_second = 5})));
    EXPECT_FALSE(may_see_all_rows(peer(kOnlooker), job, rules_with(masked)));
    EXPECT_TRUE(verdict_on(peer(kOnlooker), Action::follow_job, &job, rules_with(masked)).allowed);
    EXPECT_TRUE(may_see_all_rows({0, 0, {}}, job, rules_with(masked)));
}

}  // namespace
}  // namespace packetsentry::control
