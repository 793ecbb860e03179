// A coroutine's bed: it sleeps until a time or until woken.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

namespace packetsentry::stream {

// One thread, so a coroutine that looks at its conditions and then sleeps misses no call in between.
class Wake {
  public:
    explicit Wake(const boost::asio::any_io_executor& executor) : timer_(executor) {}

    void call() { timer_.cancel(); }

    boost::asio::awaitable<void> until(std::chrono::steady_clock::time_point time) {
        timer_.expires_at(time);
        boost::system::error_code cancelled;
        co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
    }
    boost::asio::awaitable<void> forever() { return until(std::chrono::steady_clock::time_point::max()); }

  private:
    boost::asio::steady_timer timer_;
};

}  // namespace packetsentry::stream
