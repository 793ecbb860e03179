// Lets a coroutine wait for a time, for a change, or for whichever of the two comes first.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <concepts>
#include <utility>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/loop/change_event.h"
#include "daemon/loop/timer.h"

namespace packetsentry::loop {

// A deadline that never comes.
inline constexpr auto kNever = std::chrono::steady_clock::time_point::max();

// One coroutine sleeps here; anybody on the loop's thread may wake it. As there is only this thread, a
// coroutine that looks at what it waits for and then sleeps misses no change in between.
class Sleeper {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // Each of the events wakes the sleeper, which may outlive them.
    template <std::same_as<ChangeEvent>... Events>
    explicit Sleeper(const boost::asio::any_io_executor& executor, Events&... events) : timer_(executor) {
        (subscriptions_.push_back(events.subscribe([this] { wake(); })), ...);
    }
    Sleeper(const Sleeper&) = delete;
    Sleeper& operator=(const Sleeper&) = delete;

    // Ends the present sleep; does nothing where nobody sleeps.
    void wake() { timer_.cancel(); }

    // Sleeps until that time, or until woken.
    [[nodiscard]] boost::asio::awaitable<void> sleep_until(Time time) {
        timer_.expires_at(time);
        boost::system::error_code cancelled;
        co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
    }
    [[nodiscard]] boost::asio::awaitable<void> sleep() { return sleep_until(kNever); }

    // Sleeps until condition() holds, which is asked at the beginning and each time that something wakes the
    // sleeper, and until the deadline at most. The caller gives the condition a name before this statement:
    // GCC 12 destroys twice what is made within a statement that waits.
    template <std::predicate Condition>
    [[nodiscard]] boost::asio::awaitable<void> until(const Condition& condition, Time deadline = kNever) {
        while (!condition() && base::SteadyClock::now() < deadline) co_await sleep_until(deadline);
    }

  private:
    Timer timer_;
    std::vector<ChangeEvent::Subscription> subscriptions_;
};

}  // namespace packetsentry::loop
