#include "daemon/worker/background_thread.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>

namespace packetsentry::worker {
namespace {

int own_priority() {
    return ::getpriority(PRIO_PROCESS, 0);
}

TEST(BackgroundThread, WhatIsDoneAtOnceIsDoneAtTheUsualPriority) {
    BackgroundThread thread;
    int priority = -100;
    std::thread::id worked;
    thread.run([&] {
        priority = own_priority();
        worked = std::this_thread::get_id();
    });
    EXPECT_EQ(priority, own_priority());
    EXPECT_NE(worked, std::this_thread::get_id());
}

TEST(BackgroundThread, WhatTakesLongIsDoneAtTheLowestAndLeavesTheProcessAsItWas) {
    const int before = own_priority();
    BackgroundThread thread;
    int priority = before;
    thread.run([&] {
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (own_priority() != 19 && std::chrono::steady_clock::now() < give_up) {
        }
        priority = own_priority();
    });
    EXPECT_EQ(priority, 19);
    EXPECT_EQ(own_priority(), before);
}

TEST(BackgroundThread, OneWithoutWorkEnds) {
    const BackgroundThread thread;
}

}  // namespace
}  // namespace packetsentry::worker
