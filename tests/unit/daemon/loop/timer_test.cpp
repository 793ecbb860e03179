#include "daemon/loop/timer.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

namespace packetsentry::loop {
namespace {

using namespace std::chrono_literals;

TEST(Timer, FiresWhenATestMovesTheClock) {
    base::MovableClocks clocks;
    boost::asio::io_context loop{1};
    Timer timer(loop);
    timer.expires_after(1h);
    bool fired = false;
    timer.async_wait([&](const boost::system::error_code& error) { fired = !error; });
    loop.run_for(20ms);
    EXPECT_FALSE(fired);
    clocks.advance(59min);
    loop.run_for(20ms);
    EXPECT_FALSE(fired);
    clocks.advance(1min);
    loop.run_for(5s);
    EXPECT_TRUE(fired);
}

TEST(Timer, FiresByItselfWhereNobodyMovesTheClock) {
    boost::asio::io_context loop{1};
    Timer timer(loop);
    timer.expires_after(5ms);
    bool fired = false;
    timer.async_wait([&](const boost::system::error_code& error) { fired = !error; });
    loop.run_for(5s);
    EXPECT_TRUE(fired);
}

TEST(Timer, ADeadlineThatNeverComesIsNoDeadline) {
    boost::asio::io_context loop{1};
    Timer timer(loop);
    timer.expires_at(base::SteadyClock::time_point::max());
    bool fired = false;
    timer.async_wait([&](const boost::system::error_code&) { fired = true; });
    loop.run_for(20ms);
    EXPECT_FALSE(fired);
}

}  // namespace
}  // namespace packetsentry::loop
