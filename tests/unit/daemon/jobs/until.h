// Waiting in a test's coroutine.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>

#include "daemon/base/clock.h"
#include "daemon/loop/sleeper.h"

namespace packetsentry::jobs {

// For ten real seconds at the most, whether or not a test moves the clocks; a failure where it does not come
// true.
inline boost::asio::awaitable<void> until(boost::asio::any_io_executor executor,
                                          std::function<bool()> condition) {
    loop::Sleeper sleeper(executor);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition() && std::chrono::steady_clock::now() < deadline)
        co_await sleeper.sleep_until(base::SteadyClock::now() + std::chrono::milliseconds(1));
    EXPECT_TRUE(condition());
}

}  // namespace packetsentry::jobs
