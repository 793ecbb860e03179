#include "daemon/jobs/registry.h"

#include <gtest/gtest.h>

#include "tests/support/test_batch.h"

namespace packetsentry::jobs {
namespace {

using namespace std::chrono_literals;

Moment at(std::chrono::seconds seconds) {
    return {1, std::chrono::steady_clock::time_point(seconds)};
}

const Registry::Visible kAll = [](const Job&) { return true; };

Registry::Visible of(uid_t uid) {
    return [uid](const Job& job) { return job.order().owner == uid; };
}

struct RegistryTest : testing::Test {
    Registry::JobPtr add(const std::string& name, uid_t owner = 1000) {
        Order order;
        order.name = name;
        order.owner = owner;
        auto job = registry.add(order, at(0s));
        EXPECT_TRUE(job) << job.error().message;
        if (job) (*job)->enter(wire::JOB_RUNNING);
        return job ? *job : nullptr;
    }
    std::string refusal(const std::string& name, uid_t owner = 1000) {
        Order order;
        order.name = name;
        order.owner = owner;
        const auto job = registry.add(order, at(0s));
        return job ? "taken in" : job.error().message;
    }
    // The id found, or the message.
    std::string found(std::string_view text, const Registry::Visible& visible = kAll, uid_t asker = 1000) {
        const auto job = registry.find(text, visible, asker);
        if (job) return std::to_string((*job)->id());
        EXPECT_EQ(job.error().code, base::ErrorCode::no_such_job);
        return job.error().message;
    }
    static void fill(Job& job, std::size_t bytes) {
        job.append({wire::TABLE_PACKETS, 1, 1, 0, 0}, std::string(bytes, 'x'), test::test_ledger(1), at(0s));
    }

    Registry registry{{.live = 6,
                       .live_per_user = 4,
                       .finished = 3,
                       .finished_for = 10min,
                       .window_bytes = 10'000,
                       .kept_bytes = 30'000},
                      IdCounter({})};
};

TEST_F(RegistryTest, FindsByIdNameAndUniquePrefix) {
    add("dns-1");
    add("dns-2");
    add("web");
    EXPECT_EQ(found("1"), "1");
    EXPECT_EQ(found("dns-2"), "2");
    EXPECT_EQ(found("w"), "3");
    EXPECT_EQ(found("dn"), "'dn' could be dns-1 or dns-2");
    EXPECT_EQ(found("x"), "no such job: 'x'; 'packetsentryctl list' shows the existing jobs");
    EXPECT_EQ(found("").substr(0, 11), "no such job");
}

TEST_F(RegistryTest, AnExactNameBeatsALongerOne) {
    add("dns");
    add("dns-2");
    EXPECT_EQ(found("dns"), "1");
}

TEST_F(RegistryTest, OtherPeoplesJobsAreNotThere) {
    add("dns-a", 1000);
    add("dns-b", 1001);
    EXPECT_EQ(found("dn", of(1001)), "2");
    EXPECT_EQ(found("1", of(1001)).substr(0, 11), "no such job");
    EXPECT_EQ(found("dns-a", of(1001)).substr(0, 11), "no such job");
    EXPECT_EQ(registry.all(of(1001)).size(), 1U);
}

TEST_F(RegistryTest, ALiveNameIsTakenAFinishedOneIsFree) {
    const auto old = add("dns");
    EXPECT_EQ(refusal("dns"), "the name 'dns' is taken by a running job of yours; choose another");
    old->finish(wire::END_ASKED, at(1s));
    add("dns");
    EXPECT_EQ(found("dns"), "2");
    EXPECT_EQ(found("1"), "1");
}

TEST_F(RegistryTest, WhatOthersCallTheirsIsNotFoundOutByTakingTheName) {
    add("dns", 1000);
    EXPECT_EQ(refusal("dns", 1001), "taken in");
}

TEST_F(RegistryTest, OfANameTheAskersOwnBeforeOthers) {
    const auto first = add("dns", 1000);
    const auto second = add("dns", 1001);
    EXPECT_EQ(found("dns", kAll, 1000), "1");
    EXPECT_EQ(found("dns", kAll, 1001), "2");
    EXPECT_EQ(found("dns", kAll, 0), "'dns' could be 1 or 2");
    EXPECT_EQ(found("d", kAll, 0), "'d' could be 1 or 2");
    EXPECT_EQ(found("2", kAll, 0), "2");
    second->finish(wire::END_ASKED, at(1s));
    EXPECT_EQ(found("dns", kAll, 0), "1");
    EXPECT_EQ(found("dns", kAll, 1001), "2");
    first->finish(wire::END_ASKED, at(2s));
    EXPECT_EQ(found("dns", kAll, 0), "2") << "the newest";
}

TEST_F(RegistryTest, JobsWithoutANameDoNotCollide) {
    add("");
    add("");
    EXPECT_EQ(registry.live(), 2U);
}

TEST_F(RegistryTest, LimitsPerUserAndInAll) {
    for (int i = 0; i < 4; ++i) add("");
    EXPECT_EQ(refusal("").substr(0, 27), "you have 4 jobs running, wh");
    add("", 1001);
    add("", 1001);
    EXPECT_EQ(refusal("", 1002).substr(0, 29), "there are 6 jobs running, whi");
    EXPECT_EQ(refusal("a b", 1002).substr(0, 30), "a job cannot be called 'a b'; ");
}

TEST_F(RegistryTest, FinishedJobsGoByNumberAndAge) {
    for (int i = 1; i <= 4; ++i) add("")->finish(wire::END_ASKED, at(std::chrono::seconds(i)));
    registry.trim(at(10s));
    EXPECT_EQ(registry.finished(), 3U);
    EXPECT_EQ(found("1").substr(0, 11), "no such job");
    registry.trim(at(602s));
    EXPECT_EQ(registry.finished(), 3U);
    registry.trim(at(603s));
    EXPECT_EQ(registry.finished(), 2U);
    EXPECT_EQ(found("3"), "3");
}

TEST_F(RegistryTest, BytesInAllAreBounded) {
    const auto finished = add("");
    fill(*finished, 9000);
    finished->finish(wire::END_ASKED, at(1s));
    std::vector<Registry::JobPtr> live;
    for (int i = 0; i < 3; ++i) {
        live.push_back(add(""));
        for (int n = 0; n < 3; ++n) fill(*live.back(), 2000 + static_cast<std::size_t>(i) * 500);
    }
    EXPECT_LE(registry.kept_bytes(), 9000U + 30'000U);
    registry.trim(at(2s));
    EXPECT_LE(registry.kept_bytes(), 30'000U);
    EXPECT_EQ(registry.finished(), 0U);
    EXPECT_EQ(finished->window().kept(), 0U);  // also for a follower that still holds it
    EXPECT_EQ(live[0]->window().evicted(), 0U);

    const auto fourth = add("");
    for (int n = 0; n < 3; ++n) fill(*fourth, 3000);
    registry.trim(at(2s));
    EXPECT_LE(registry.kept_bytes(), 30'000U);
    EXPECT_EQ(live[0]->window().evicted(), 0U);
    EXPECT_EQ(fourth->window().evicted(), 1U);
}

TEST_F(RegistryTest, ManyFinishedJobsOfOneUserCostAnotherNone) {
    add("", 1001)->finish(wire::END_ASKED, at(1s));
    for (int i = 2; i <= 9; ++i) {
        add("", 1000)->finish(wire::END_ASKED, at(std::chrono::seconds(i)));
        registry.trim(at(10s));
    }
    EXPECT_EQ(registry.finished(), 3U);
    EXPECT_EQ(registry.all(of(1001)).size(), 1U);
    const auto kept = registry.all(of(1000));
    ASSERT_EQ(kept.size(), 2U);
    EXPECT_EQ(kept.front()->id(), 8U) << "the oldest go first";
}

TEST_F(RegistryTest, BytesAreTakenFromWhoHasTheMost) {
    const auto small = add("", 1001);
    fill(*small, 4000);
    small->finish(wire::END_ASKED, at(1s));
    const auto older = add("", 1000);
    fill(*older, 9000);
    older->finish(wire::END_ASKED, at(2s));
    const auto empty = add("", 1000);
    empty->finish(wire::END_ASKED, at(1s));
    std::vector<Registry::JobPtr> live;
    for (int i = 0; i < 2; ++i) {
        live.push_back(add("", 1000));
        for (int n = 0; n < 3; ++n) fill(*live.back(), 2500 + static_cast<std::size_t>(i) * 500);
    }
    registry.trim(at(3s));
    EXPECT_EQ(small->window().evicted(), 0U) << "though it ended first";
    EXPECT_EQ(older->window().kept(), 0U);
    EXPECT_EQ(registry.finished(), 2U) << "one without rows gives none";

    fill(*add("", 1000), 9000);
    registry.trim(at(3s));
    EXPECT_LE(registry.kept_bytes(), 30'000U);
    EXPECT_EQ(small->window().evicted(), 0U);
    EXPECT_EQ(live[0]->window().evicted(), 0U);
    EXPECT_EQ(live[1]->window().evicted(), 1U) << "the largest of the user's live ones";
}

TEST_F(RegistryTest, ThePolicysNumberOfJobsIsInPlaceOfTheUsual) {
    const auto taken_in = [&](uid_t owner, std::uint32_t jobs) {
        Order order;
        order.owner = owner;
        order.verdict.terms.jobs = jobs;
        return registry.add(order, at(0s)).has_value();
    };
    EXPECT_TRUE(taken_in(1, 1));
    EXPECT_FALSE(taken_in(1, 1));
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(taken_in(2, 5));
    EXPECT_FALSE(taken_in(2, 5)) << "the machine's own limit";
}

}  // namespace
}  // namespace packetsentry::jobs
