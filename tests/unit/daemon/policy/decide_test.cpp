#include "daemon/policy/decide.h"

#include <gtest/gtest.h>

#include <array>

namespace packetsentry::policy {
namespace {

constexpr uid_t kDaemon = 990;
constexpr gid_t kGroup = 991;

constexpr std::array kActions = {Action::connect,    Action::start_job, Action::see_job,
                                 Action::follow_job, Action::stop_job,  Action::change_filter,
                                 Action::see_daemon};

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
    return about == About::always_on && (action == Action::see_job || action == Action::follow_job);
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

TEST(Decide, DenialTellsTheMendingCommand) {
    const Peer outsider{1002, 1002, {}};
    EXPECT_EQ(decide(outsider, Action::connect, nullptr, {kDaemon, kGroup, "packetsentry"}).reason,
              "you are not in group packetsentry; 'sudo usermod -aG packetsentry $USER', then log in again");
    EXPECT_EQ(decide(outsider, Action::connect, nullptr, {kDaemon, std::nullopt, "sniff"}).reason,
              "there is no group 'sniff', so only root may; 'sudo groupadd --system sniff', then restart "
              "packetsentryd");
}

TEST(Decide, WithoutAGroupNobodyIsAMember) {
    EXPECT_FALSE(
        decide({1000, 0, {0, kGroup}}, Action::connect, nullptr, {kDaemon, std::nullopt, "x"}).allowed);
    EXPECT_TRUE(decide({kDaemon, 0, {}}, Action::start_job, nullptr, {kDaemon, std::nullopt, "x"}).allowed);
}

}  // namespace
}  // namespace packetsentry::policy
