#include "daemon/loop/spawn.h"

#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <stdexcept>

namespace packetsentry::loop {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> set(bool& done) {
    done = true;
    co_return;
}

asio::awaitable<void> fail() {
    throw std::runtime_error("broken for good");
    co_return;
}

TEST(Spawn, RunsTheTaskAndThenWhatFollows) {
    asio::io_context loop;
    bool done = false;
    bool seen_done = false;
    const auto kept = std::make_shared<int>(0);
    spawn(loop.get_executor(), set(done), [&, kept] { seen_done = done; });
    EXPECT_EQ(kept.use_count(), 2);
    loop.run();
    EXPECT_TRUE(seen_done);
    EXPECT_EQ(kept.use_count(), 1);
}

TEST(Spawn, TakesAFunctionThatReturnsTheTask) {
    asio::io_context loop;
    bool done = false;
    spawn(loop.get_executor(), [&] { return set(done); });
    loop.run();
    EXPECT_TRUE(done);
}

TEST(Spawn, WhatIsBrokenForGoodLeavesTheLoop) {
    asio::io_context loop;
    bool followed = false;
    spawn(loop.get_executor(), fail(), [&] { followed = true; });
    EXPECT_THROW(loop.run(), std::runtime_error);
    EXPECT_TRUE(followed);
}

}  // namespace
}  // namespace packetsentry::loop
