#include "daemon/loop/change_event.h"

#include <gtest/gtest.h>

#include <memory>

namespace packetsentry::loop {
namespace {

TEST(ChangeEvent, CallsWhoeverListensNow) {
    ChangeEvent signal;
    int first = 0;
    int second = 0;
    auto a = signal.subscribe([&] { ++first; });
    {
        auto b = signal.subscribe([&] { ++second; });
        signal.notify();
        auto moved = std::move(b);
        signal.notify();
    }
    signal.notify();
    EXPECT_EQ(first, 3);
    EXPECT_EQ(second, 2);
}

TEST(ChangeEvent, SubscriptionMayOutliveIt) {
    int calls = 0;
    auto signal = std::make_unique<ChangeEvent>();
    const auto subscription = signal->subscribe([&] { ++calls; });
    signal->notify();
    signal.reset();
    EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace packetsentry::loop
