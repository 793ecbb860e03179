#include "daemon/stream/signal.h"

#include <gtest/gtest.h>

#include <memory>

namespace packetsentry::stream {
namespace {

TEST(Signal, CallsWhoeverListensNow) {
    Signal signal;
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

TEST(Signal, SubscriptionMayOutliveIt) {
    int calls = 0;
    auto signal = std::make_unique<Signal>();
    const auto subscription = signal->subscribe([&] { ++calls; });
    signal->notify();
    signal.reset();
    EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace packetsentry::stream
