#include "daemon/loop/helper_thread.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <future>
#include <memory>
#include <thread>
#include <vector>

namespace packetsentry::loop {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct HelperThreadTest : testing::Test {
    template <typename Body>
    void run(Body body) {
        asio::co_spawn(loop, body(), [](const std::exception_ptr& error) {
            if (error) std::rethrow_exception(error);
        });
        loop.run_for(10s);
        EXPECT_TRUE(loop.stopped());
    }
    asio::io_context loop{1};
    HelperThread helper{loop.get_executor()};
};

TEST_F(HelperThreadTest, AnswersFromAThreadOfItsOwn) {
    run([&]() -> asio::awaitable<void> {
        const std::function<std::thread::id()> call = [] { return std::this_thread::get_id(); };
        const auto answer = co_await helper.ask<std::thread::id>(call, 5s);
        EXPECT_TRUE(answer);
        EXPECT_NE(*answer, std::this_thread::get_id());
    });
}

// The loop is held up by nothing, and a late answer goes nowhere.
TEST_F(HelperThreadTest, OneThatHangsIsNotWaitedFor) {
    auto release = std::make_shared<std::promise<void>>();
    run([&]() -> asio::awaitable<void> {
        const auto begin = std::chrono::steady_clock::now();
        const std::function<int()> hangs = [release] {
            release->get_future().wait();
            return 1;
        };
        const auto late = co_await helper.ask<int>(hangs, 50ms);
        EXPECT_FALSE(late);
        EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
        release->set_value();
        const std::function<int()> prompt = [] { return 2; };
        const auto next = co_await helper.ask<int>(prompt, 5s);
        EXPECT_EQ(next, 2);
    });
}

TEST_F(HelperThreadTest, CallsThatWaitAreBounded) {
    auto release = std::make_shared<std::promise<void>>();
    const std::shared_future<void> released = release->get_future().share();
    std::size_t refused = 0;
    std::size_t answered = 0;
    const std::function<int()> hangs = [released] {
        released.wait();
        return 1;
    };
    const auto ask = [&]() -> asio::awaitable<void> {
        const auto answer = co_await helper.ask<int>(hangs, 5s);
        ++(answer ? answered : refused);
    };
    for (std::size_t i = 0; i < HelperThread::kCallsLimit + 10; ++i)
        asio::co_spawn(loop, ask(), asio::detached);
    run([&]() -> asio::awaitable<void> {
        release->set_value();
        co_return;
    });
    EXPECT_GE(refused, 9U) << "one may have been taken up by then";
    EXPECT_GE(answered, HelperThread::kCallsLimit);
}

TEST(HelperThread, MayGoWhileACallHangs) {
    auto release = std::make_shared<std::promise<void>>();
    {
        asio::io_context loop{1};
        HelperThread helper(loop.get_executor());
        const std::function<int()> hangs = [release] {
            release->get_future().wait();
            return 1;
        };
        asio::co_spawn(
            loop, [&]() -> asio::awaitable<void> { (void)co_await helper.ask<int>(hangs, 10ms); },
            asio::detached);
        loop.run();
    }
    release->set_value();
    std::this_thread::sleep_for(20ms);  // its answer finds nobody
}

}  // namespace
}  // namespace packetsentry::loop
