#include "proto/words/state_names.h"

#include <gtest/gtest.h>

#include <set>

namespace packetsentry::proto {
namespace {

TEST(StateNames, EveryStateHasOneOfItsOwn) {
    std::set<std::string_view> names, phrases;
    for (int state = 0; state < wire::JobState_ARRAYSIZE; ++state) {
        names.insert(state_name(static_cast<wire::JobState>(state)));
        phrases.insert(state_phrase(static_cast<wire::JobState>(state)));
    }
    EXPECT_EQ(names.size(), static_cast<std::size_t>(wire::JobState_ARRAYSIZE));
    EXPECT_EQ(phrases.size(), static_cast<std::size_t>(wire::JobState_ARRAYSIZE));
}

// packetsentryctl(1) lists the words, because scripts compare them.
TEST(StateNames, AreThoseOfTheManual) {
    EXPECT_EQ(state_name(wire::JOB_STARTING), "starting");
    EXPECT_EQ(state_name(wire::JOB_RUNNING), "running");
    EXPECT_EQ(state_name(wire::JOB_CHANGING), "changing");
    EXPECT_EQ(state_name(wire::JOB_DEGRADED), "degraded");
    EXPECT_EQ(state_name(wire::JOB_WAITING), "waiting");
    EXPECT_EQ(state_name(wire::JOB_STOPPING), "stopping");
    EXPECT_EQ(state_name(wire::JOB_FINISHED), "finished");
    EXPECT_EQ(state_name(wire::JOB_FAILED), "failed");
}

TEST(StateNames, OnlyAChangeNeedsMoreWordsInASentence) {
    EXPECT_EQ(state_phrase(wire::JOB_CHANGING), "changing its filter");
    EXPECT_EQ(state_phrase(wire::JOB_RUNNING), "running");
}

TEST(StateNames, AStateOfANewerDaemonIsUnknown) {
    EXPECT_EQ(state_name(static_cast<wire::JobState>(99)), "unknown");
    EXPECT_EQ(state_name(static_cast<wire::JobState>(-1)), "unknown");
    EXPECT_EQ(state_phrase(static_cast<wire::JobState>(99)), "unknown");
}

}  // namespace
}  // namespace packetsentry::proto
