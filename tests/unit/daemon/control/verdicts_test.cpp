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

const base::Identity kMember{.known = true, .name = "alice", .groups = {1000, kGroup}};

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
    EXPECT_TRUE(verdict_on_order(order, rules, &kMember).allowed);
}

TEST(Verdicts, AJobWhoseOwnerMayStartNoMoreEnds) {
    jobs::Order order = order_with_filter();
    order.capture.set_interface(0, "eth1");
    policy::Rules rules = rules_with();
    rules.policy->rules[0].interfaces = {"eth0"};
    EXPECT_FALSE(verdict_on_order(order, rules, &kMember).allowed);
}

const base::Identity kLeft{.known = true, .name = "alice", .groups = {1000}};
const base::Identity kUnknown{};

TEST(Verdicts, AJobEndsWhoseOwnerHasLeftTheGroup) {
    jobs::Order order = order_with_filter();
    const policy::Rules rules{990, kGroup, "packetsentry"};
    EXPECT_TRUE(verdict_on_order(order, rules, &kMember).allowed);
    const auto left = verdict_on_order(order, rules, &kLeft);
    EXPECT_FALSE(left.allowed);
    EXPECT_EQ(left.reason, "uid 1000 (alice) is not in group packetsentry any more");
    EXPECT_FALSE(verdict_on_order(order, rules, &kUnknown).allowed);
    EXPECT_TRUE(verdict_on_order(order, rules, nullptr).allowed) << "the database has never answered";
    order.foreground = true;
    EXPECT_TRUE(verdict_on_order(order, rules, &kLeft).allowed)
        << "its session has the group, whatever gave it";
    order.database_member = true;
    EXPECT_FALSE(verdict_on_order(order, rules, &kLeft).allowed);
    order.owner = 0;
    EXPECT_TRUE(verdict_on_order(order, rules, &kUnknown).allowed);
}

TEST(Verdicts, WhomARuleNamesNeedNotBeTheDatabasesMember) {
    const jobs::Order order = order_with_filter();
    EXPECT_TRUE(verdict_on_order(order, rules_with(), &kLeft).allowed);
    EXPECT_TRUE(may_leave_jobs(peer(kOwner), rules_with(), &kUnknown));
}

TEST(Verdicts, OnlyTheDatabasesMembersLeaveJobsRunning) {
    const policy::Rules rules{990, kGroup, "packetsentry"};
    EXPECT_TRUE(may_leave_jobs(peer(kOwner), rules, &kMember));
    EXPECT_TRUE(may_leave_jobs(peer(0), rules, nullptr));
    EXPECT_EQ(may_leave_jobs(peer(kOwner), rules, &kLeft).error().code, base::ErrorCode::not_permitted);
    EXPECT_EQ(may_leave_jobs(peer(kOwner), rules, &kUnknown).error().code, base::ErrorCode::not_permitted);
    EXPECT_EQ(may_leave_jobs(peer(kOwner), rules, nullptr).error().code, base::ErrorCode::unreachable);
}

TEST(Verdicts, KeepingIsAskedAboutAsLongAsTheJobRuns) {
    jobs::Order order = order_with_filter();
    order.keep.emplace().mutable_rows();
    policy::Rules rules = rules_with();
    EXPECT_TRUE(verdict_on_order(order, rules, &kMember).allowed);
    rules.policy->rules[0].permissions.reset(place_of(Permission::keep));
    EXPECT_EQ(verdict_on_order(order, rules, &kMember).reason, "rule 1 (p.toml:0) does not allow 'keep'");
    rules.policy.reset();
    EXPECT_FALSE(verdict_on_order(order, rules, &kMember).allowed) << "it is root's alone then";
    EXPECT_FALSE(verdict_on_order(order, rules, nullptr).allowed);
    order.owner = 0;
    EXPECT_TRUE(verdict_on_order(order, rules, nullptr).allowed);
}

TEST(Verdicts, PacketsInTheSpoolAreAsGoodAsAFile) {
    const jobs::Order order = order_with_filter();
    wire::Keep keep;
    keep.mutable_rows();
    EXPECT_TRUE(request_to_start(order.capture, false, &keep).keeps);
    EXPECT_FALSE(request_to_start(order.capture, false, &keep).saves);
    keep.mutable_packets();
    EXPECT_TRUE(request_to_start(order.capture, false, &keep).saves);
    EXPECT_FALSE(request_to_start(order.capture, false).keeps);
}

// A group that the owner presented once, or dropped, does not decide what the job may.
TEST(Verdicts, TheGroupsOfABackgroundJobsOwnerAreTheDatabases) {
    constexpr gid_t kInterns = 60;
    policy::Permissions all;
    all.set();
    policy::Rules rules{990, kGroup, "packetsentry"};
    rules.policy = policy::Policy{
        "p.toml",
        {policy::Rule{.groups = {kInterns}, .permissions = all, .terms = {.snapshot_length = 64}},
         policy::Rule{.groups = {kGroup}, .permissions = all}}};
    jobs::Order order = order_with_filter();
    const base::Identity intern{.known = true, .name = "bob", .groups = {1000, kGroup, kInterns}};
    EXPECT_EQ(verdict_on_order(order, rules, &intern).terms.snapshot_length, 64U)
        << "though it was not presented";
    order.owner_groups.push_back(kInterns);
    EXPECT_EQ(verdict_on_order(order, rules, &kMember).terms.snapshot_length, 0U) << "an intern no more";
    EXPECT_EQ(verdict_on_order(order, rules, nullptr).terms.snapshot_length, 64U)
        << "nothing better is known";
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
