// Waiting in a test's coroutine.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>

#include "daemon/stream/wake.h"

namespace packetsentry::jobs {

// For ten seconds at the most; a failure where it does not come true.
inline boost::asio::awaitable<void> until(boost::asio::any_io_executor executor,
                                          std::function<bool()> condition) {
    stream::Wake wake(executor);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition() && std::chrono::steady_clock::now() < deadline)
        co_await wake.until(std::chrono::steady_clock::now() + std::chrono::milliseconds(1));
    EXPECT_TRUE(condition());
}

}  // namespace packetsentry::jobs
