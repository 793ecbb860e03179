#include "daemon/config/changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace packetsentry::config {
namespace {

TEST(Changes, NoneWhereNothingChanged) {
    EXPECT_TRUE(changes({}, {}).empty());
}

TEST(Changes, EachKeyWithBothValuesAndWhenItTakesEffect) {
    Config after;
    after.log_level = "debug";
    after.max_jobs = 7;
    after.finished_for = std::chrono::minutes(5);
    after.ring_bytes = 16U << 20;
    after.window_bytes = (8U << 20) + 1;
    after.socket = "/elsewhere";
    after.spool.bytes = 1ULL << 30;
    after.spool.sync_interval = std::chrono::seconds(120);
    const auto found = changes({}, after);
    std::vector<std::string> told;
    for (const Change& change : found)
        told.push_back(std::string(change.key) + " " + change.from + " " + change.to + " " +
                       std::to_string(static_cast<int>(change.effect)));
    EXPECT_THAT(told, testing::ElementsAre("socket /run/packetsentry/control.sock /elsewhere 2",
                                           "log_level info debug 0", "jobs.max 64 7 0",
                                           "jobs.finished_minutes 1440 5 0", "memory.window 64MiB 8388609 1",
                                           "memory.ring 64MiB 16MiB 1", "spool.bytes 0MiB 1024MiB 0",
                                           "spool.sync_interval 10s 2m 1"));
}

TEST(Changes, AReloadLeavesAloneWhatTakesARestart) {
    Config after;
    after.socket = after.group = after.user = after.state_dir = after.spool.directory = "other";
    after.max_clients = 3;
    const Config now = reloaded({}, after);
    EXPECT_EQ(now.max_clients, 3U);
    EXPECT_TRUE(changes(now,
                        [] {
                            Config one;
                            one.max_clients = 3;
                            return one;
                        }())
                    .empty());
}

}  // namespace
}  // namespace packetsentry::config
