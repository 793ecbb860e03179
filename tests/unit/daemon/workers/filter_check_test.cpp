#include "daemon/workers/filter_check.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>

namespace packetsentry::workers {
namespace {

using namespace std::chrono_literals;
using base::ErrorCode;

// 0: it is good. fake_worker.cpp does as the filter says.
int code_of(const std::string& filter, const std::string& worker = FAKE_WORKER,
            decltype(&check_filter) check = check_filter) {
    boost::asio::io_context loop;
    base::Result<void> outcome;
    boost::asio::co_spawn(loop, check(loop.get_executor(), worker, filter),
                          [&](const std::exception_ptr& error, base::Result<void> checked) {
                              if (error) std::rethrow_exception(error);
                              outcome = std::move(checked);
                          });
    loop.run_for(20s);
    EXPECT_TRUE(loop.stopped()) << "something still runs";
    return outcome ? 0 : static_cast<int>(outcome.error().code);
}

TEST(FilterCheck, TellsWhatTheWorkerSays) {
    EXPECT_EQ(code_of("normal"), 0);
    EXPECT_EQ(code_of("refuse"), static_cast<int>(ErrorCode::filter));
}

TEST(FilterCheck, ADisplayFilterIsAskedAboutAsSuch) {
    EXPECT_EQ(code_of("normal", FAKE_WORKER, check_display_filter), 0);
    EXPECT_EQ(code_of("refuse", FAKE_WORKER, check_display_filter), static_cast<int>(ErrorCode::filter));
}

TEST(FilterCheck, AWorkerThatFailsSaysNothingOfTheFilter) {
    for (const char* behaviour : {"silent exit", "garbage", "rows first"})
        EXPECT_EQ(code_of(behaviour), static_cast<int>(ErrorCode::internal)) << behaviour;
    EXPECT_EQ(code_of("normal", "/no/such/worker"), static_cast<int>(ErrorCode::internal));
}

}  // namespace
}  // namespace packetsentry::workers
