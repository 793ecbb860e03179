// A child process, watched by a pidfd: killed and reaped whatever becomes of its owner.
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
    int signal = 0;   // that killed it; 0: none did
};

class Child {
  public:
    // Takes over the reaping of pid, a child of this process.
    Child(const boost::asio::any_io_executor& executor, pid_t pid);
    // Kills it if it still runs.
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    [[nodiscard]] pid_t pid() const;
    void kill();  // SIGKILL; no-op once it has ended

    // Keeps something until it is reaped, whatever becomes of its owner.
    void hold(std::shared_ptr<const void> what);

    // Waits for its end, at most until then. It is reaped in any case.
    [[nodiscard]] boost::asio::awaitable<std::optional<Exit>> ended(
        std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max());

  private:
    struct State;
    std::shared_ptr<State> state_;  // lives until the child is reaped
};

}  // namespace packetsentry::workers
