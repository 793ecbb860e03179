#include "daemon/jobs/job_state.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace packetsentry::jobs {
namespace {

using State = wire::JobState;

const std::map<State, std::set<State>> kExpected = {
    {wire::JOB_STARTING, {wire::JOB_RUNNING, wire::JOB_WAITING, wire::JOB_STOPPING, wire::JOB_FAILED}},
    {wire::JOB_RUNNING,
     {wire::JOB_CHANGING, wire::JOB_DEGRADED, wire::JOB_WAITING, wire::JOB_STOPPING, wire::JOB_FINISHED,
      wire::JOB_FAILED}},
    {wire::JOB_CHANGING,
     {wire::JOB_RUNNING, wire::JOB_DEGRADED, wire::JOB_WAITING, wire::JOB_STOPPING, wire::JOB_FINISHED,
      wire::JOB_FAILED}},
    {wire::JOB_DEGRADED,
     {wire::JOB_RUNNING, wire::JOB_CHANGING, wire::JOB_WAITING, wire::JOB_STOPPING, wire::JOB_FINISHED,
      wire::JOB_FAILED}},
    {wire::JOB_WAITING,
     {wire::JOB_RUNNING, wire::JOB_DEGRADED, wire::JOB_STOPPING, wire::JOB_FINISHED, wire::JOB_FAILED}},
    {wire::JOB_STOPPING, {wire::JOB_FINISHED, wire::JOB_FAILED}},
};

TEST(JobState, EveryPair) {
    for (int from = 0; from < wire::JobState_ARRAYSIZE; ++from)
        for (int to = 0; to < wire::JobState_ARRAYSIZE; ++to) {
            const auto found = kExpected.find(State(from));
            const bool expected = found != kExpected.end() && found->second.contains(State(to));
            EXPECT_EQ(may_follow(State(from), State(to)), expected)
                << wire::JobState_Name(State(from)) << " -> " << wire::JobState_Name(State(to));
        }
}

TEST(JobState, OnlyTheLastTwoAreOver) {
    for (int state = 0; state < wire::JobState_ARRAYSIZE; ++state)
        EXPECT_EQ(is_over(State(state)), state == wire::JOB_FINISHED || state == wire::JOB_FAILED);
}

}  // namespace
}  // namespace packetsentry::jobs
