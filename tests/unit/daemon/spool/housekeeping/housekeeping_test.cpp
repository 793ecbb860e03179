#include "daemon/spool/housekeeping/housekeeping.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <future>

#include "tests/support/temporary_directory.h"

namespace packetsentry::spool {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

struct HousekeepingTest : testing::Test {
    void SetUp() override {
        auto spool = Spool::open(directory.path() + "/spool", 1);
        ASSERT_TRUE(spool) << spool.error().message;
        housekeeping.emplace(loop.get_executor(), std::move(*spool));
    }
    template <typename Body>
    void run(Body body) {
        asio::co_spawn(loop, body(), [](const std::exception_ptr& error) {
            if (error) std::rethrow_exception(error);
        });
        loop.run_for(20s);
        EXPECT_TRUE(loop.stopped());
    }
    // The disk hangs until this is released.
    void hang() {
        housekeeping->tell([release = release](Spool&) { release->get_future().wait(); });
    }

    test::TemporaryDirectory directory;
    asio::io_context loop{1};
    std::optional<Housekeeping> housekeeping;
    std::shared_ptr<std::promise<void>> release = std::make_shared<std::promise<void>>();
    const std::function<base::Result<int>(Spool&)> seven = [](Spool&) -> base::Result<int> { return 7; };
};

TEST_F(HousekeepingTest, AnswersWhoeverAsks) {
    run([&]() -> asio::awaitable<void> {
        const auto patient = co_await housekeeping->ask<int>(seven);
        EXPECT_EQ(patient, 7);
        const auto brief = co_await housekeeping->ask_briefly<int>(seven);
        EXPECT_EQ(brief, 7);
    });
}

// The first ones wait a moment each, in which the disk may answer, and the others do not wait at all.
TEST_F(HousekeepingTest, NobodyWhoAsksBrieflyWaitsForADiskThatHangs) {
    run([&]() -> asio::awaitable<void> {
        hang();
        const auto begin = Clock::now();
        for (int i = 0; i < 1000; ++i) {
            const auto answer = co_await housekeeping->ask_briefly<int>(seven);
            EXPECT_EQ(answer ? base::ErrorCode::internal : answer.error().code, base::ErrorCode::timed_out);
        }
        EXPECT_LT(Clock::now() - begin, 5s);
        release->set_value();
        const auto patient = co_await housekeeping->ask<int>(seven);
        EXPECT_EQ(patient, 7) << "a thousand that asked have left room for it";
        const auto brief = co_await housekeeping->ask_briefly<int>(seven);
        EXPECT_EQ(brief, 7);
    });
}

}  // namespace
}  // namespace packetsentry::spool
