#include "daemon/loop/sleeper.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <memory>

#include "daemon/loop/change_event.h"
#include "daemon/loop/spawn.h"

namespace packetsentry::loop {
namespace {

namespace asio = boost::asio;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""h;

class SleeperTest : public testing::Test {
  protected:
    static Sleeper::Time in(std::chrono::milliseconds time) {
        return std::chrono::steady_clock::now() + time;
    }

    asio::awaitable<void> wait_for_three(Sleeper::Time deadline) {
        Sleeper sleeper(loop.get_executor(), one, other);
        const auto has_three = [this] {
            ++asked;
            return changes == 3;
        };
        co_await sleeper.until(has_three, deadline);
        over = true;
    }

    void change(ChangeEvent& event) {
        asio::post(loop, [this, &event] {
            ++changes;
            event.notify();
        });
    }

    asio::io_context loop;
    ChangeEvent one, other;
    int changes = 0;
    int asked = 0;
    bool over = false;
};

TEST_F(SleeperTest, SleepsUntilTheConditionHoldsWhicheverEventSaysSo) {
    spawn(loop.get_executor(), wait_for_three(kNever));
    loop.poll();
    for (ChangeEvent* const event : {&one, &other, &one}) {
        EXPECT_FALSE(over);
        change(*event);
        loop.poll();
    }
    EXPECT_TRUE(over);
    EXPECT_EQ(asked, 4);
}

TEST_F(SleeperTest, DoesNotSleepWhereTheConditionHoldsAlready) {
    changes = 3;
    spawn(loop.get_executor(), wait_for_three(in(1h)));
    loop.poll();
    EXPECT_TRUE(over);
}

TEST_F(SleeperTest, SleepsUntilTheDeadlineAtMost) {
    spawn(loop.get_executor(), wait_for_three(in(10ms)));
    loop.run();
    EXPECT_TRUE(over);
}

TEST_F(SleeperTest, MayOutliveItsEvent) {
    auto event = std::make_unique<ChangeEvent>();
    Sleeper sleeper(loop.get_executor(), *event);
    event.reset();
    sleeper.wake();
}

TEST_F(SleeperTest, OneThatGoesIsWokenNoMore) {
    { const Sleeper sleeper(loop.get_executor(), one); }
    one.notify();
}

}  // namespace
}  // namespace packetsentry::loop
