// A thread for calls that may block for any time, such as a question to a name service. The loop waits for
// the answer only as long as it chooses.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "daemon/loop/change_event.h"
#include "daemon/loop/sleeper.h"

namespace packetsentry::loop {

// One call after the other. To be made once privileges have been dropped: a thread keeps its own. A call that
// hangs when this goes is left to itself.
class HelperThread {
  public:
    static constexpr std::size_t kCallsLimit = 256;  // that wait; of more, none is made

    explicit HelperThread(const boost::asio::any_io_executor& executor);
    ~HelperThread();
    HelperThread(const HelperThread&) = delete;
    HelperThread& operator=(const HelperThread&) = delete;

    // What call gives, or nothing where it has not come back in time; then its answer is thrown away. call
    // runs in the thread, and refers to nothing that could be gone by then. It is to be named before it is
    // passed: GCC 12 destroys twice what is made within the statement that waits.
    template <typename Answer>
    [[nodiscard]] boost::asio::awaitable<std::optional<Answer>> ask(std::function<Answer()> call,
                                                                    std::chrono::milliseconds within) {
        struct Asked {
            std::optional<Answer> answer;
            ChangeEvent answered;
        };
        auto asked = std::make_shared<Asked>();
        // The answer is made in the thread and handed over on the loop, so that no two touch it at once.
        const bool taken = run([asked, call = std::move(call)]() -> std::function<void()> {
            auto answer = std::make_shared<Answer>(call());
            return [asked, answer = std::move(answer)] {
                asked->answer = std::move(*answer);
                asked->answered.notify();
            };
        });
        const auto deadline = std::chrono::steady_clock::now() + within;
        Sleeper sleeper(executor_, asked->answered);
        const auto settled = [&] { return !taken || asked->answer.has_value(); };
        co_await sleeper.until(settled, deadline);
        co_return std::move(asked->answer);
    }

  private:
    struct State;
    // call gives what is to be done on the loop. false: too many calls wait.
    [[nodiscard]] bool run(std::function<std::function<void()>()> call);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<State> state_;  // lives as long as the thread
};

}  // namespace packetsentry::loop
