#include "daemon/policy/decide.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace packetsentry::policy {
namespace {

constexpr uid_t kDaemon = 990;
constexpr gid_t kGroup = 991;

enum class About { nothing, own, others, always_on };
constexpr std::array kAbouts = {About::nothing, About::own, About::others, About::always_on};

struct User {
    const char* name;
    Peer peer;
    bool all;
    bool member;
};

const std::array kUsers = {
    User{"root", {0, 0, {}}, true, false},
    User{"daemon", {kDaemon, 5, {}}, true, false},
    User{"member by supplementary group", {1000, 1000, {4, kGroup}}, false, true},
    User{"member by primary group", {1001, kGroup, {}}, false, true},
    User{"outsider", {1002, 1002, {4, 24}}, false, false},
    User{"outsider in group root", {1003, 0, {}}, false, false},
};

bool expected(const User& user, Action action, About about) {
    if (user.all) return true;
    if (!user.member) return false;
    if (about == About::nothing || about == About::own) return true;
    return about == About::always_on &&
           (action == Action::see_job || action == Action::follow_job || action == Action::read_past);
}

TEST(Decide, EveryUserEveryActionEveryJob) {
    const Rules rules{kDaemon, kGroup, "packetsentry"};
    for (const User& user : kUsers)
        for (const Action action : kActions)
            for (const About about : kAbouts) {
                const JobFacts job{about == About::own ? user.peer.uid : 4242, about == About::always_on};
                const Verdict verdict =
                    decide(user.peer, action, about == About::nothing ? nullptr : &job, rules);
                EXPECT_EQ(verdict.allowed, expected(user, action, about))
                    << user.name << ": " << name_of(action) << ", about " << static_cast<int>(about);
                EXPECT_FALSE(verdict.reason.empty());
            }
}

// What a subordinate id presents is its user's to choose: only a rule that names the id is for it.
TEST(Decide, AUserWhomTheDatabaseDoesNotKnowNeedsARuleOfItsOwn) {
    constexpr uid_t kMapped = 100'001;
    constexpr gid_t kStaff = 50;
    Permissions all;
    all.set();
    Rules rules{kDaemon, kGroup, "packetsentry"};
    for (const Standing standing : {Standing::unknown, Standing::unanswered}) {
        const Peer mapped{kMapped, kGroup, {kStaff}, standing};
        EXPECT_TRUE(decide(mapped, Action::start_job, nullptr, rules).allowed) << "there is no policy";
        Rules with_policy = rules;
        with_policy.policy = Policy{"p.toml", {Rule{.groups = {kStaff}, .permissions = all}}};
        for (const Action action : kActions)
            EXPECT_FALSE(decide(mapped, action, nullptr, with_policy).allowed) << name_of(action);
        with_policy.policy->rules.push_back(Rule{.users = {kMapped}, .permissions = all});
        for (const Action action : {Action::connect, Action::start_job, Action::read_policy})
            EXPECT_TRUE(decide(mapped, action, nullptr, with_policy).allowed) << name_of(action);
        EXPECT_EQ(find_rule(mapped, with_policy), &with_policy.policy->rules[1]) << "not its group's";
    }
    const Policy policy{"p.toml", {Rule{.groups = {kStaff}, .permissions = all}}};
    rules.policy = policy;
    EXPECT_EQ(decide({kMapped, kGroup, {}, Standing::unknown}, Action::connect, nullptr, rules).reason,
              "uid 100001 is not in the user database, and no rule of the policy names it");
    EXPECT_TRUE(decide({1000, kGroup, {kStaff}}, Action::start_job, nullptr, rules).allowed);
}

TEST(Decide, DenialTellsTheMendingCommand) {
    const Peer outsider{1002, 1002, {}};
    EXPECT_EQ(decide(outsider, Action::connect, nullptr, {kDaemon, kGroup, "packetsentry"}).reason,
              "you are not in group packetsentry; 'sudo usermod -aG packetsentry $USER', then log in again");
    EXPECT_EQ(decide(outsider, Action::connect, nullptr, {kDaemon, std::nullopt, "sniff"}).reason,
              "there is no group 'sniff', so only root may use packetsentryd; 'sudo groupadd --system "
              "sniff', then restart packetsentryd");
}

TEST(Decide, WhoeverAsksAboutSomebodyElseIsToldWhomTheRemedyIsFor) {
    const Peer bob{.uid = 1002, .gid = 1002, .groups = {}, .name = "bob"};
    Rules rules{kDaemon, kGroup, "packetsentry"};
    EXPECT_EQ(
        decide(bob, Action::connect, nullptr, rules).reason,
        "bob is not in group packetsentry; 'sudo usermod -aG packetsentry bob', then let bob log in again");
    rules.policy = Policy{"p.toml", {}};
    Peer member = bob;
    member.groups = {kGroup};
    EXPECT_EQ(decide(member, Action::see_job, nullptr, rules).reason, "no rule in p.toml applies to bob");
}

TEST(Decide, WithoutAGroupNobodyIsAMember) {
    EXPECT_FALSE(
        decide({1000, 0, {0, kGroup}}, Action::connect, nullptr, {kDaemon, std::nullopt, "x"}).allowed);
    EXPECT_TRUE(decide({kDaemon, 0, {}}, Action::start_job, nullptr, {kDaemon, std::nullopt, "x"}).allowed);
}

constexpr uid_t kFull = 2001, kNobody = 2002, kNoSave = 2003, kStarter = 2004, kViewer = 2005, kBoth = 2006,
                kReader = 2007;
constexpr gid_t kViewers = 3001, kEditors = 3002;

Permissions permissions(std::initializer_list<Permission> given) {
    Permissions set;
    for (const Permission one : given) set.set(place_of(one));
    return set;
}

const Permissions kAll = permissions({Permission::view, Permission::start, Permission::stop,
                                      Permission::filter, Permission::save, Permission::past});

Rules rules_of_policy() {
    Policy policy{"p.toml", {}};
    policy.rules.push_back({.line = 1,
                            .users = {kFull},
                            .permissions = kAll | permissions({Permission::keep}),
                            .interfaces = {"eth*"}});
    policy.rules.push_back(
        {.line = 11, .groups = {kViewers}, .permissions = permissions({Permission::view}), .all_jobs = true});
    policy.rules.push_back({.line = 21, .groups = {kEditors}, .permissions = kAll, .all_jobs = true});
    policy.rules.push_back({.line = 31,
                            .users = {kNoSave},
                            .permissions = permissions({Permission::view, Permission::start, Permission::stop,
                                                        Permission::filter, Permission::past}),
                            .interfaces = {"any", "lo"}});
    policy.rules.push_back(
        {.line = 41, .users = {kStarter}, .permissions = permissions({Permission::start})});
    policy.rules.push_back({.line = 51,
                            .users = {kReader},
                            .permissions = permissions({Permission::view, Permission::past}),
                            .all_jobs = true,
                            .terms = {.filter = "icmp"}});
    return {kDaemon, kGroup, "packetsentry", policy};
}

// In the order of the table's columns.
const std::array kPeople = {
    Peer{0, 0, {}},                             // root
    Peer{kDaemon, 5, {}},                       // the daemon's own user
    Peer{kFull, 100, {}},                       // no member, though a rule is for it
    Peer{kNobody, 100, {kGroup}},               // a member that no rule is for
    Peer{kFull, 100, {kGroup}},                 // by user: all, and keep, on eth*
    Peer{kViewer, 100, {kGroup, kViewers}},     // by group: view alone, of all jobs
    Peer{1999, 100, {kGroup, kEditors}},        // by group: all, of all jobs
    Peer{kBoth, kViewers, {kGroup, kEditors}},  // by two rules: the first decides, view alone
    Peer{kNoSave, 100, {kGroup}},               // all but save, on any and lo
    Peer{kStarter, 100, {kGroup}},              // start alone
    Peer{kReader, 100, {kGroup}},               // view and past of all jobs, but only icmp
};

struct DecideCase {
    Request request;
    About about;
    std::string_view expected;  // a letter a person: y or n
};

Request start_on(std::vector<std::string> interfaces, bool saves = false, bool follows = false) {
    Request request(Action::start_job);
    request.interfaces = std::move(interfaces);
    request.saves = saves;
    request.follows = follows;
    return request;
}

Request filtered(Request request) {
    request.filters = true;
    return request;
}

Request kept(Request request) {
    request.keeps = true;
    return request;
}

// Root, daemon, outsider, unnamed, full, viewer, editor, both, no-save, starter, reader.
const std::array kCases = {
    DecideCase{Action::connect, About::nothing, "yynyyyyyyyy"},
    DecideCase{Action::see_daemon, About::nothing, "yynyyyyyyyy"},
    DecideCase{Action::read_policy, About::nothing, "yynyyyyyyyy"},

    DecideCase{start_on({"eth0"}), About::nothing, "yynnynynnyn"},
    DecideCase{start_on({"lo"}), About::nothing, "yynnnnynyyn"},
    DecideCase{start_on({"eth0", "lo"}), About::nothing, "yynnnnynnyn"},
    DecideCase{start_on({"any"}), About::nothing, "yynnnnynyyn"},
    DecideCase{start_on({"eth0"}, true), About::nothing, "yynnynynnnn"},
    DecideCase{start_on({"lo"}, true), About::nothing, "yynnnnynnnn"},
    DecideCase{start_on({"eth0"}, false, true), About::nothing, "yynnynynnnn"},
    DecideCase{start_on({"lo"}, false, true), About::nothing, "yynnnnynynn"},

    DecideCase{filtered(start_on({"eth0"})), About::nothing, "yynnynynnnn"},
    DecideCase{filtered(start_on({"lo"})), About::nothing, "yynnnnynynn"},

    DecideCase{kept(start_on({"eth0"})), About::nothing, "yynnynnnnnn"},
    DecideCase{kept(start_on({"lo"})), About::nothing, "yynnnnnnnnn"},

    DecideCase{Action::see_job, About::nothing, "yynnyyyyyny"},
    DecideCase{Action::see_job, About::own, "yynnyyyyyny"},
    DecideCase{Action::see_job, About::others, "yynnnyyynny"},
    DecideCase{Action::see_job, About::always_on, "yynnyyyyyny"},
    DecideCase{Action::follow_job, About::nothing, "yynnyyyyyny"},
    DecideCase{Action::follow_job, About::own, "yynnyyyyyny"},
    DecideCase{Action::follow_job, About::others, "yynnnyyynnn"},
    DecideCase{Action::follow_job, About::always_on, "yynnyyyynnn"},
    DecideCase{Action::read_past, About::nothing, "yynnynynyny"},
    DecideCase{Action::read_past, About::own, "yynnynynyny"},
    DecideCase{Action::read_past, About::others, "yynnnnynnnn"},
    DecideCase{Action::read_past, About::always_on, "yynnynynnnn"},

    DecideCase{Action::stop_job, About::nothing, "yynnynynynn"},
    DecideCase{Action::stop_job, About::own, "yynnynynynn"},
    DecideCase{Action::stop_job, About::others, "yynnnnynnnn"},
    DecideCase{Action::stop_job, About::always_on, "yynnnnynnnn"},
    DecideCase{Action::change_filter, About::nothing, "yynnynynynn"},
    DecideCase{Action::change_filter, About::own, "yynnynynynn"},
    DecideCase{Action::change_filter, About::others, "yynnnnynnnn"},
    DecideCase{Action::change_filter, About::always_on, "yynnnnynnnn"},
    DecideCase{Action::renew_job, About::nothing, "yynnynynyyn"},
    DecideCase{Action::renew_job, About::own, "yynnynynyyn"},
    DecideCase{Action::renew_job, About::others, "yynnnnynnnn"},
    DecideCase{Action::renew_job, About::always_on, "yynnnnynnnn"},
};

TEST(Decide, EveryRequestOfEveryKindOfUserUnderAPolicy) {
    const Rules rules = rules_of_policy();
    for (const DecideCase& one : kCases) {
        ASSERT_EQ(one.expected.size(), kPeople.size());
        for (std::size_t i = 0; i < kPeople.size(); ++i) {
            const JobFacts job{
                one.about == About::own ? kPeople[i].uid : 4242, one.about == About::always_on, {"eth0"}};
            const Verdict verdict =
                decide(kPeople[i], one.request, one.about == About::nothing ? nullptr : &job, rules);
            EXPECT_EQ(verdict.allowed, one.expected[i] == 'y')
                << name_of(one.request.action) << ", about " << static_cast<int>(one.about) << ", person "
                << i << ": " << verdict.reason;
            EXPECT_FALSE(verdict.reason.empty());
            EXPECT_FALSE(verdict.rule.empty());
        }
    }
}

TEST(Decide, NoActionIsLeftOutOfTheTable) {
    for (const Action action : kActions)
        EXPECT_TRUE(std::ranges::any_of(kCases, [&](const DecideCase& one) {
            return one.request.action == action;
        })) << name_of(action);
}

TEST(Decide, TellsTheRuleAndWhatItHasAgainstIt) {
    const Rules rules = rules_of_policy();
    const JobFacts others{4242, false, {"eth0"}};
    const JobFacts with_bytes{4242, false, {"eth0"}, {}, true};
    struct Told {
        Peer peer;
        Request request;
        const JobFacts* job;
        const char* reason;
    };
    const Peer full{kFull, 100, {kGroup}};
    const Peer viewer{kViewer, 100, {kGroup, kViewers}};
    const Peer reader{kReader, 100, {kGroup}};
    for (const Told& told : {
             Told{full, start_on({"eth1"}), nullptr, "rule 1 (p.toml:1) allows it"},
             Told{full, start_on({"wlan0"}), nullptr,
                  "rule 1 (p.toml:1) allows the interfaces eth*, not 'wlan0'"},
             Told{viewer, start_on({"eth0"}), nullptr, "rule 2 (p.toml:11) does not allow 'start'"},
             Told{full, Action::stop_job, &others,
                  "rule 1 (p.toml:1) allows this only for a user's own jobs, and the job belongs to another "
                  "user"},
             Told{reader, Action::follow_job, &others,
                  "rule 6 (p.toml:51) lets users see less of each packet than the job captures"},
             Told{viewer, Action::follow_job, &with_bytes,
                  "rule 2 (p.toml:11) does not allow 'save', and the job's rows have the bytes of its "
                  "packets"},
             Told{{kNobody, 100, {kGroup}}, Action::see_job, nullptr, "no rule in p.toml applies to you"},
         })
        EXPECT_EQ(decide(told.peer, told.request, told.job, rules).reason, told.reason);
}

TEST(Decide, OnlyRootHasRowsKeptWhereNoRuleAllowsIt) {
    const Rules rules{kDaemon, kGroup, "packetsentry"};
    const Request request = kept(start_on({"eth0"}));
    EXPECT_TRUE(decide({0, 0, {}}, request, nullptr, rules).allowed);
    EXPECT_TRUE(decide({kDaemon, 5, {}}, request, nullptr, rules).allowed);
    const Verdict verdict = decide({1000, 1000, {kGroup}}, request, nullptr, rules);
    EXPECT_FALSE(verdict.allowed);
    EXPECT_EQ(verdict.reason,
              "only root may have rows kept in the spool, because no policy file has a rule that allows "
              "'keep'");
    EXPECT_EQ(decide({1999, 100, {kGroup, kEditors}}, request, nullptr, rules_of_policy()).reason,
              "rule 3 (p.toml:21) does not allow 'keep'");
}

TEST(Decide, OthersRowsAreReadWhereTheyShowNoMore) {
    const Rules rules = rules_of_policy();
    const Peer reader{kReader, 100, {kGroup}};
    const JobFacts same{4242, false, {"eth0"}, {.filter = "icmp", .snapshot_length = 64}};
    EXPECT_TRUE(decide(reader, Action::follow_job, &same, rules).allowed);
    const JobFacts other{4242, false, {"eth0"}, {.filter = "udp"}};
    EXPECT_FALSE(decide(reader, Action::follow_job, &other, rules).allowed);
}

TEST(Decide, HandsOverTheTermsOfAStart) {
    const Verdict verdict = decide({kReader, 100, {kGroup}}, Action::see_job, nullptr, rules_of_policy());
    EXPECT_EQ(verdict.terms.filter, "icmp");
    EXPECT_EQ(decide({0, 0, {}}, Action::start_job, nullptr, rules_of_policy()).terms, Terms{});
}

TEST(Decide, APolicyWithoutRulesIsForNobody) {
    const Rules rules{kDaemon, kGroup, "packetsentry", Policy{"p.toml", {}}};
    EXPECT_FALSE(decide({1000, 100, {kGroup}}, Action::start_job, nullptr, rules).allowed);
    EXPECT_TRUE(decide({0, 0, {}}, Action::start_job, nullptr, rules).allowed);
}

}  // namespace
}  // namespace packetsentry::policy
