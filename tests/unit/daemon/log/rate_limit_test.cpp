#include "daemon/log/rate_limit.h"

#include <gtest/gtest.h>

namespace packetsentry::log {
namespace {

using namespace std::chrono_literals;

class RateLimitTest : public testing::Test {
  protected:
    bool allow(Event event, const Fields& fields, const char* text = "text") {
        return limit.allow(kind_of(event), fields, text, now);
    }
    int allowed(int lines, Event event, const Fields& fields) {
        int count = 0;
        for (int i = 0; i < lines; ++i) count += allow(event, fields) ? 1 : 0;
        return count;
    }

    RateLimit limit;
    RateLimit::Time now{};
};

TEST_F(RateLimitTest, WhatSomebodyOutsideCanMakeManyOfIsLimited) {
    EXPECT_EQ(allowed(1000, Event::refused, {uid_field(1)}), 10);
    EXPECT_EQ(allowed(1000, Event::job_started, {uid_field(1)}), 1000) << "the audit trail is whole";
}

TEST_F(RateLimitTest, OneUsersFloodLeavesRoomForAnothers) {
    EXPECT_EQ(allowed(1000, Event::refused, {uid_field(1)}), 10);
    EXPECT_EQ(allowed(3, Event::refused, {{kAction, "start"}, uid_field(2)}), 3);
    EXPECT_EQ(allowed(3, Event::malformed, {{kJob, "1"}}), 3);
}

TEST_F(RateLimitTest, WhatWasLeftOutIsToldOnceWhenTheWhileIsOver) {
    EXPECT_EQ(allowed(25, Event::refused, {uid_field(1)}), 10);
    now += 9s;
    EXPECT_FALSE(allow(Event::refused, {uid_field(1)}, "the last"));
    EXPECT_TRUE(limit.take_due(now).empty());
    now += 1s;
    const auto due = limit.take_due(now);
    ASSERT_EQ(due.size(), 1U);
    EXPECT_EQ(due[0].lines, 16U);
    EXPECT_EQ(due[0].text, "text");
    EXPECT_EQ(due[0].about.at(0).value, "1");
    EXPECT_TRUE(limit.take_due(now).empty());
    EXPECT_TRUE(allow(Event::refused, {uid_field(1)}));
}

TEST_F(RateLimitTest, WhereNothingWasLeftOutThereIsNothingToTell) {
    EXPECT_TRUE(allow(Event::refused, {uid_field(1)}));
    now += 11s;
    EXPECT_TRUE(limit.take_due(now).empty());
}

TEST_F(RateLimitTest, ManyUsersShareOneAccount) {
    int told = 0;
    for (uid_t uid = 0; uid < 10000; ++uid) told += allow(Event::refused, {uid_field(uid)}) ? 1 : 0;
    EXPECT_EQ(told, static_cast<int>(RateLimit::kSubjects) + 10);
}

}  // namespace
}  // namespace packetsentry::log
