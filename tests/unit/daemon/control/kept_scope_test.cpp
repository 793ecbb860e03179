#include "daemon/control/kept_scope.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace packetsentry::control {
namespace {

using spool::Segment;

constexpr uid_t kAlice = 1000, kBob = 1001;
constexpr gid_t kSocketGroup = 500, kReaders = 600;

policy::Peer user(uid_t uid) {
    return {.uid = uid, .gid = static_cast<gid_t>(uid), .groups = {kSocketGroup}};
}

policy::Rules rules_without_policy() {
    return {.daemon_uid = 99, .group = kSocketGroup, .group_name = "packetsentry"};
}

// One rule for all members.
policy::Rules rules_of(const policy::Terms& terms, std::initializer_list<policy::Permission> permissions,
                       bool all_jobs = false) {
    policy::Rule rule{.line = 1, .groups = {kSocketGroup}, .all_jobs = all_jobs, .terms = terms};
    for (const policy::Permission permission : permissions)
        rule.permissions.set(policy::place_of(permission));
    policy::Rules rules = rules_without_policy();
    rules.policy = policy::Policy{.path = "policy.toml", .rules = {rule}};
    return rules;
}

struct KeptScopeTest : testing::Test {
    // A closed segment of a minute, of one row each second.
    Segment segment(std::uint64_t counter, std::int64_t minute, uid_t owner, const wire::KeptJob& job) {
        Segment made;
        made.state = spool::SegmentState::closed;
        made.packets = spool::PacketsState::kept;
        made.table = wire::TABLE_PACKETS;
        made.owner_uid = owner;
        made.counter = counter;
        made.progress = {.rows_bytes = 1000, .packets_bytes = 5000, .blocks = 1, .rows = 60};
        made.progress.first_number = made.progress.last_number = counter;
        made.progress.first_time_ns = minute * kMinute;
        made.progress.last_time_ns = (minute + 1) * kMinute - 1;
        made.terms = pool.share(job.SerializeAsString());
        return made;
    }
    static wire::KeptJob job(const std::string& name) {
        wire::KeptJob job;
        job.set_name(name);
        job.add_interface("eth0");
        return job;
    }
    static wire::KeptJob standing(const std::string& name) {
        wire::KeptJob made = job(name);
        made.mutable_standing()->add_reader_group(kReaders);
        return made;
    }
    KeptScope scope(const policy::Peer& peer, const policy::Rules& rules,
                    const std::vector<std::string>& names = {}, bool with_packets = false) {
        auto found = scope_of(kept, names, with_packets, peer, rules);
        EXPECT_TRUE(found) << found.error().message;
        return found ? std::move(*found) : KeptScope();
    }
    // "1/2 3/1": job and counter of each segment; streams are separated by "|".
    static std::string segments_of(const KeptScope& scope) {
        std::string text;
        for (const auto& stream : scope.streams) {
            text += text.empty() ? "" : "|";
            for (const SegmentPlace& place : stream)
                text += " " + std::to_string(place.job) + "/" + std::to_string(place.counter);
        }
        return text;
    }

    static constexpr std::int64_t kMinute = 60'000'000'000;
    spool::TermsPool pool;
    std::vector<KeptSegments> kept;
};

TEST_F(KeptScopeTest, WithoutAPolicyEachSeesTheirOwnAndWhatIsForThem) {
    kept = {{1, {segment(1, 0, kAlice, job("mine"))}},
            {2, {segment(1, 0, kBob, job("his"))}},
            {3, {segment(1, 0, 0, standing("lab"))}},
            {4, {segment(1, 0, 0, job("root's"))}}};
    const auto rules = rules_without_policy();
    EXPECT_EQ(segments_of(scope(user(kAlice), rules)), " 1/1");
    policy::Peer reader = user(kBob);
    reader.groups.push_back(kReaders);
    EXPECT_EQ(segments_of(scope(reader, rules)), " 2/1| 3/1");
    const KeptScope all = scope(user(0), rules);
    EXPECT_EQ(segments_of(all), " 1/1| 2/1| 3/1| 4/1");
    EXPECT_EQ(all.told.segments(), 4U);
    EXPECT_EQ(all.told.bytes(), 4000U);
    EXPECT_EQ(all.told.withheld(), 0U);
}

TEST_F(KeptScopeTest, NobodyLearnsOfJobsThatAreNotForThem) {
    Segment gone = segment(2, 1, kBob, job("his"));
    gone.state = spool::SegmentState::removed;
    kept = {{2, {segment(1, 0, kBob, job("his")), gone}}};
    const KeptScope nothing = scope(user(kAlice), rules_without_policy());
    EXPECT_EQ(nothing.told.job_size(), 0);
    EXPECT_EQ(nothing.told.withheld(), 0U);
    EXPECT_EQ(nothing.told.removed_size(), 0);
    const auto named = scope_of(kept, {"his"}, false, user(kAlice), rules_without_policy());
    ASSERT_FALSE(named);
    EXPECT_EQ(named.error().code, base::ErrorCode::no_such_job);
    const auto unknown = scope_of(kept, {"xyz"}, false, user(kAlice), rules_without_policy());
    ASSERT_FALSE(unknown);
    EXPECT_EQ(named.error().code, unknown.error().code);
}

TEST_F(KeptScopeTest, WhatWasRecordedUnderLooserTermsIsWithheldAlsoOfOnesOwn) {
    using enum policy::Permission;
    wire::KeptJob strict = job("mine");
    strict.mutable_terms()->mutable_redaction()->set_headers_only(true);
    kept = {{1, {segment(1, 0, kAlice, job("mine")), segment(2, 1, kAlice, strict)}}};
    const policy::Terms headers{.redaction = {.headers_only = true}};
    const KeptScope now = scope(user(kAlice), rules_of(headers, {view, past, save}));
    EXPECT_EQ(segments_of(now), " 1/2");
    EXPECT_EQ(now.told.withheld(), 1U);
    EXPECT_EQ(segments_of(scope(user(kAlice), rules_of({}, {view, past, save}))), " 1/1 1/2");
}

TEST_F(KeptScopeTest, ThePastAndPacketsNeedTheirPermissions) {
    using enum policy::Permission;
    kept = {{1, {segment(1, 0, kBob, job("his"))}}};
    const KeptScope without_past = scope(user(kAlice), rules_of({}, {view, save}, true));
    EXPECT_EQ(segments_of(without_past), "");
    EXPECT_EQ(without_past.told.withheld(), 1U);
    const auto no_save = rules_of({}, {view, past}, true);
    EXPECT_EQ(segments_of(scope(user(kAlice), no_save)), " 1/1");
    EXPECT_EQ(segments_of(scope(user(kAlice), no_save, {}, true)), "");
    EXPECT_EQ(segments_of(scope(user(kBob), no_save, {}, true)), "") << "packets of one's own are packets";
    EXPECT_EQ(segments_of(scope(user(kAlice), rules_of({}, {view, past, save}, true), {}, true)), " 1/1");
}

TEST_F(KeptScopeTest, ASegmentOfNobodyIsForRootAlone) {
    kept = {{1, {segment(1, 0, spool::kUnknownOwner, job("lost"))}}};
    EXPECT_EQ(segments_of(scope(user(kAlice), rules_without_policy())), "");
    EXPECT_EQ(segments_of(scope(user(0), rules_without_policy())), " 1/1");
}

TEST_F(KeptScopeTest, NamesAreIdsNamesAndPatterns) {
    kept = {{1, {segment(1, 0, 0, job("lab1"))}},
            {2, {segment(1, 0, 0, job("lab2"))}},
            {17, {segment(1, 0, 0, job("night"))}}};
    const policy::Peer root = user(0);
    EXPECT_EQ(segments_of(scope(root, rules_without_policy(), {"lab*"})), " 1/1| 2/1");
    EXPECT_EQ(segments_of(scope(root, rules_without_policy(), {"17", "lab1"})), " 1/1| 17/1");
    EXPECT_FALSE(scope_of(kept, {"lab1", "labs"}, false, root, rules_without_policy()));
    EXPECT_FALSE(scope_of(kept, {"1?"}, false, root, rules_without_policy())) << "an id is no pattern";
}

TEST_F(KeptScopeTest, WhatCannotBeUsedIsToldToEverybody) {
    kept = {{1, {segment(1, 0, kAlice, job("lab"))}}, {2, {}, 0, 0, "'2/catalogue' is damaged"}};
    const KeptScope all = scope(user(0), rules_without_policy());
    ASSERT_EQ(all.streams.size(), 1U);
    ASSERT_EQ(all.streams[0].size(), 2U);
    EXPECT_EQ(all.streams[0][0].trouble, "'2/catalogue' is damaged");
    EXPECT_EQ(all.streams[0][1].counter, 1U);
    EXPECT_EQ(all.told.segments(), 1U);
    const KeptScope bobs = scope(user(kBob), rules_without_policy());
    ASSERT_EQ(bobs.streams.size(), 1U) << "though he finds nothing";
    EXPECT_EQ(bobs.streams[0][0].trouble,
              "what a job has kept cannot be used; the log of packetsentryd says why");
    EXPECT_EQ(bobs.streams[0][0].job, 0U);
    const auto named = scope_of(kept, {"night"}, false, user(kBob), rules_without_policy());
    ASSERT_FALSE(named);
    EXPECT_EQ(named.error().message,
              "no packets are kept of a job 'night' in that time that can be used; "
              "'packetsentryctl search' without --job searches all");
}

TEST_F(KeptScopeTest, OneJobIsTheNewestWithTheNameAndOnesOwnFirst) {
    kept = {{1, {segment(1, 0, kAlice, job("night"))}},
            {2, {segment(1, 0, kAlice, job("night"))}},
            {3, {segment(1, 0, kBob, job("night"))}},
            {4, {segment(1, 0, kBob, job("n*"))}},
            {5, {}}};
    const auto rules = rules_without_policy();
    EXPECT_EQ(job_named(kept, "night", user(kAlice), rules), 2U);
    EXPECT_EQ(job_named(kept, "night", user(kBob), rules), 3U);
    EXPECT_EQ(job_named(kept, "night", user(0), rules), 3U) << "the newest";
    EXPECT_EQ(job_named(kept, "1", user(kAlice), rules), 1U);
    EXPECT_EQ(job_named(kept, "3", user(kAlice), rules), std::nullopt) << "it is not for Alice";
    EXPECT_EQ(job_named(kept, "ni*", user(kAlice), rules), std::nullopt) << "it is no pattern";
    EXPECT_EQ(job_named(kept, "n*", user(kBob), rules), 4U);
    EXPECT_EQ(job_named(kept, "", user(kBob), rules), std::nullopt);
    EXPECT_EQ(job_named(kept, "5", user(0), rules), std::nullopt) << "nothing of it is kept";
}

TEST_F(KeptScopeTest, JobsThatRecordedOneAfterTheOtherShareAStream) {
    kept = {{1, {segment(1, 0, 0, job("lab")), segment(2, 1, 0, job("lab"))}},
            {2, {segment(1, 5, 0, job("lab"))}},
            {3, {segment(1, 1, 0, job("other")), segment(2, 6, 0, job("other"))}},
            {4, {segment(1, 9, 0, job("lab"))}}};
    EXPECT_EQ(segments_of(scope(user(0), rules_without_policy())), " 1/1 1/2 2/1 4/1| 3/1 3/2");
}

TEST_F(KeptScopeTest, WhatIsGoneIsTold) {
    Segment gone = segment(1, 0, 0, job("lab"));
    gone.state = spool::SegmentState::removed;
    Segment also_gone = segment(2, 1, 0, job("lab"));
    also_gone.state = spool::SegmentState::removed;
    Segment rows_alone = segment(3, 2, 0, job("lab"));
    rows_alone.packets = spool::PacketsState::removed;
    kept = {{1, {gone, also_gone, rows_alone, segment(4, 3, 0, job("lab"))}}};
    const KeptScope found = scope(user(0), rules_without_policy());
    EXPECT_EQ(segments_of(found), " 1/3 1/4");
    ASSERT_EQ(found.told.removed_size(), 2);
    EXPECT_EQ(found.told.removed(0).from_ns(), 0);
    EXPECT_EQ(found.told.removed(0).to_ns(), 2 * kMinute - 1);
    EXPECT_FALSE(found.told.removed(0).packets_alone());
    EXPECT_EQ(found.told.removed(1).from_ns(), 2 * kMinute);
    EXPECT_TRUE(found.told.removed(1).packets_alone());
}

}  // namespace
}  // namespace packetsentry::control
