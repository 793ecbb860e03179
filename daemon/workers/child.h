// A child process, watched through a pidfd. It is always killed and reaped, even if its owner is destroyed.
#pragma once

#include <sys/types.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace packetsentry::workers {

struct Exit {
    std::string how;  // "exited with status 1", "was killed by signal 9 (Killed)"
    int signal = 0;   // the signal that killed it, or 0
};

class Child {
  public:
    // Watches and reaps pid, which must be a child of this process.
    Child(const boost::asio::any_io_executor& executor, pid_t pid);
    // Kills it if it still runs.
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    [[nodiscard]] pid_t pid() const;
    void kill();  // sends SIGKILL; does nothing if the process has ended

    // Keeps an object alive until the process is reaped, even if this Child is destroyed before.
    void hold(std::shared_ptr<const void> what);

    // Waits until the process has ended or the deadline has passed; then returns nothing. The process is
    // reaped in any case.
    [[nodiscard]] boost::asio::awaitable<std::optional<Exit>> ended(
        std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max());

  private:
    struct State;
    std::shared_ptr<State> state_;  // lives until the child is reaped
};

}  // namespace packetsentry::workers
