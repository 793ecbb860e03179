#include "daemon/jobs/job_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/unit/daemon/jobs/state.h"

namespace packetsentry::jobs {
namespace {

struct JobStoreTest : testing::Test {
    JobStoreTest() {
        std::string pattern = testing::TempDir() + "store-XXXXXX";
        directory = ::mkdtemp(pattern.data());
    }
    ~JobStoreTest() override { std::filesystem::remove_all(directory); }

    Job job(std::uint64_t id) const {
        Order order;
        order.capture.add_interface("eth0");
        order.capture.mutable_filter()->add_protocol("dns");
        order.name = "night";
        order.output_name = "night.pcapng";
        order.owner = 1000;
        return {id, std::move(order), 1 << 20, {.wall_ns = 5, .steady = {}}};
    }
    Job bound_to_index_5() const {
        Job bound = job(12);
        EXPECT_FALSE(bound.look_at_interfaces({{"eth0", {.index = 5}}}));
        return bound;
    }
    JobStore store() {
        return {opened(directory), {.keep = {}, .forget = [this](std::uint64_t id) { forgotten = id; }}};
    }

    std::string directory;
    std::uint64_t forgotten = 0;
};

TEST_F(JobStoreTest, GivesBackWhatAJobWas) {
    auto first = store();
    ASSERT_EQ(first.trouble(), "");
    ASSERT_TRUE(first.put(job(12), {.wall_ns = 77, .steady = {}}));
    ASSERT_TRUE(first.put(job(3), {.wall_ns = 77, .steady = {}}));
    const auto loaded = store().load();
    ASSERT_EQ(loaded.jobs.size(), 2U);
    EXPECT_EQ(loaded.jobs[0].id(), 3U) << "by id";
    const wire::StoredJob& stored = loaded.jobs[1];
    EXPECT_EQ(stored.id(), 12U);
    EXPECT_EQ(stored.name(), "night");
    EXPECT_EQ(stored.owner_uid(), 1000U);
    EXPECT_EQ(stored.output_name(), "night.pcapng");
    EXPECT_EQ(stored.started_ns(), 5);
    EXPECT_GT(stored.alive_ns(), 77) << "the file was written just now";
    EXPECT_EQ(stored.capture().interface(0), "eth0");
    EXPECT_EQ(stored.capture().filter().protocol(0), "dns");
    EXPECT_TRUE(loaded.problems.empty());
}

TEST_F(JobStoreTest, RemembersWhereTheOutputIsToBeCutOff) {
    auto some = store();
    Job cut = job(12);
    cut.cut_output_at(0);
    ASSERT_TRUE(some.put(cut, {}));
    const auto stored = some.load().jobs.at(0);
    ASSERT_TRUE(stored.has_output_bytes());
    EXPECT_EQ(Job({}, 1 << 20, {}, stored).output_cut(), 0);
    cut.cut_output_at(std::nullopt);
    ASSERT_TRUE(some.put(cut, {}));
    EXPECT_EQ(Job({}, 1 << 20, {}, some.load().jobs.at(0)).output_cut(), std::nullopt);
}

TEST_F(JobStoreTest, RemembersWhichInterfacesAJobIsBoundTo) {
    auto some = store();
    ASSERT_TRUE(some.put(bound_to_index_5(), {}));
    wire::StoredJob stored = some.load().jobs.at(0);
    EXPECT_THAT(stored.interface_index(), testing::ElementsAre(5));
    Order order;
    order.capture = stored.capture();
    Job later(std::move(order), 1 << 20, {}, stored);
    EXPECT_TRUE(later.look_at_interfaces({{"eth0", {.index = 6}}, {"eth1", {.index = 5}}}));
    EXPECT_EQ(later.capture().interface(0), "eth1");
}

// As after a boot, when the same numbers are given to other interfaces.
TEST_F(JobStoreTest, AnIndexOfAnotherBootIsForgotten) {
    auto some = store();
    ASSERT_TRUE(some.put(bound_to_index_5(), {}));
    const std::string file = directory + "/jobs/12";
    wire::StoredJob stored;
    std::ifstream in(file);
    ASSERT_TRUE(stored.ParseFromIstream(&in));
    stored.mutable_index_scope()->set_booted_ns(stored.index_scope().booted_ns() - 3'000'000'000);
    std::ofstream out(file, std::ios::trunc);
    ASSERT_TRUE(stored.SerializeToOstream(&out));
    out.close();
    EXPECT_EQ(some.load().jobs.at(0).interface_index_size(), 0);
}

TEST_F(JobStoreTest, ASignOfLifeIsLaterAndChangesNothingElse) {
    auto some = store();
    ASSERT_TRUE(some.put(job(12), {.wall_ns = 77, .steady = {}}));
    const std::filesystem::path file = directory + "/jobs/12";
    std::filesystem::last_write_time(file,
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
    const auto before = some.load().jobs.at(0);
    some.mark_alive(12);
    auto after = before;
    for (int i = 0; i < 1000 && after.alive_ns() == before.alive_ns(); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));  // a thread does it
        after = some.load().jobs.at(0);
    }
    EXPECT_GT(after.alive_ns() - before.alive_ns(), 3'000'000'000'000) << "most of the hour";
    after.set_alive_ns(before.alive_ns());
    EXPECT_EQ(after.SerializeAsString(), before.SerializeAsString());
    some.mark_alive(13);  // is not there
    EXPECT_EQ(some.load().jobs.size(), 1U);
}

TEST_F(JobStoreTest, ForgetsWithTheOutput) {
    auto some = store();
    ASSERT_TRUE(some.put(job(12), {}));
    some.remove(12);
    EXPECT_EQ(forgotten, 12U);
    EXPECT_TRUE(some.load().jobs.empty());
    some.remove(13);  // was never there
}

TEST_F(JobStoreTest, WhatIsNoJobIsToldAndLeftAlone) {
    auto some = store();
    ASSERT_TRUE(some.put(job(12), {}));
    std::filesystem::rename(directory + "/jobs/12", directory + "/jobs/13");  // another one's number
    std::ofstream(directory + "/jobs/14") << "\xff\xff\xff";
    std::ofstream(directory + "/jobs/15") << "";
    std::ofstream(directory + "/jobs/16.new") << "being written";
    std::ofstream(directory + "/jobs/README") << "x";
    const auto loaded = some.load();
    EXPECT_TRUE(loaded.jobs.empty());
    EXPECT_EQ(loaded.problems.size(), 3U);
    EXPECT_TRUE(std::filesystem::exists(directory + "/jobs/14"));
}

TEST_F(JobStoreTest, WithoutADirectoryNothingIsKept) {
    JobStore none;
    EXPECT_TRUE(none.put(job(1), {}));
    EXPECT_TRUE(none.load().jobs.empty());
    std::ofstream(directory + "/jobs") << "in the way";
    EXPECT_NE(store().trouble(), "");
}

}  // namespace
}  // namespace packetsentry::jobs
