#include "daemon/policy/outlook.h"

#include <gtest/gtest.h>

namespace packetsentry::policy {
namespace {

constexpr gid_t kOutlookGroup = 997;
constexpr gid_t kBench = 70;

Rule rule(std::vector<std::string> named, std::initializer_list<Permission> given) {
    Rule rule;
    rule.named = std::move(named);
    for (const Permission one : given) rule.permissions.set(place_of(one));
    return rule;
}

Rules rules_of(std::vector<Rule> all) {
    return {.daemon_uid = 990,
            .group = kOutlookGroup,
            .group_name = "packetsentry",
            .policy = Policy{"p.toml", std::move(all)}};
}

std::vector<Peer> members() {
    return {{.uid = 1000, .gid = 1000, .groups = {kOutlookGroup}, .name = "alice"},
            {.uid = 1001, .gid = 1001, .groups = {kOutlookGroup, kBench}, .name = "bob"},
            {.uid = 1002, .gid = 1002, .groups = {kOutlookGroup}, .name = "carol"},
            {.uid = 0, .gid = 0, .groups = {kOutlookGroup}, .name = "root"}};
}

TEST(Outlook, SaysWhomEachRuleIsForAndWhatTheyMayNot) {
    Rule narrow = rule({"user alice", "group bench"}, {Permission::view, Permission::start});
    narrow.line = 3;
    narrow.users = {1000};
    narrow.interfaces = {"eth*"};
    narrow.terms.snapshot_length = 64;
    Rule none = rule({"user mallory"}, {});
    none.line = 9;
    Rule all = rule({"group packetsentry"},
                    {Permission::view, Permission::start, Permission::stop, Permission::filter,
                     Permission::save, Permission::past, Permission::keep});
    all.line = 12;
    all.groups = {kOutlookGroup};
    all.all_jobs = true;
    const Outlook outlook = outlook_of(rules_of({narrow, none, all}), members());
    EXPECT_EQ(outlook.rules,
              (std::vector<std::string>{"rule 1 (p.toml:3) is for user alice, group bench: view, start; not "
                                        "stop, filter, save, past, keep; on "
                                        "eth*; jobs of their own; at most 64 bytes of a packet",
                                        "rule 2 (p.toml:9) is for user mallory: nothing",
                                        "rule 3 (p.toml:12) is for group packetsentry: view, start, stop, "
                                        "filter, save, past, keep; on *; jobs "
                                        "of others too"}));
    EXPECT_TRUE(outlook.losses.empty()) << "the last rule is for all members";
}

TEST(Outlook, NamesWhoLosesByARuleThatStandsAlone) {
    Rule alone = rule({"user alice"}, {Permission::view});
    alone.users = {1000};
    alone.groups = {kBench};
    const std::string text =
        " lose everything that they may do without a policy: they can start no capture and see no job; to "
        "allow them something, add a last rule with group = [\"packetsentry\"]";
    EXPECT_EQ(outlook_of(rules_of({alone}), members()).losses,
              (std::vector<std::string>{"members of packetsentry whom no rule names (carol)" + text}));
    EXPECT_EQ(outlook_of(rules_of({alone}), {}).losses,
              (std::vector<std::string>{"members of packetsentry whom no rule names" + text}));
}

}  // namespace
}  // namespace packetsentry::policy
