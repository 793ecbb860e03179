// Starts a coroutine for which nobody waits.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

namespace packetsentry::loop {

// Runs the task, an awaitable<void> or a function that returns one, beside its caller. Calls then() once the
// task is over, and keeps what then() holds until that time. An exception that leaves the task leaves the
// loop's run() too: it is broken for good, and goes to main().
template <typename Task, typename Then>
void spawn(const boost::asio::any_io_executor& executor, Task&& task, Then then) {
    boost::asio::co_spawn(executor, std::forward<Task>(task),
                          [then = std::move(then)](const std::exception_ptr& error) mutable {
                              then();
                              if (error) std::rethrow_exception(error);
                          });
}

template <typename Task>
void spawn(const boost::asio::any_io_executor& executor, Task&& task) {
    spawn(executor, std::forward<Task>(task), [] {});
}

}  // namespace packetsentry::loop
