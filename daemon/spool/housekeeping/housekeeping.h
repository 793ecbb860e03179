// The spool, on a thread of its own: whatever a disk does, the loop does not wait for it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "daemon/base/result.h"
#include "daemon/loop/helper_thread.h"
#include "daemon/loop/spawn.h"
#include "daemon/spool/catalogue/spool.h"

namespace packetsentry::spool {

// To be made once privileges have been dropped, because a thread keeps its own. Calls are made one after the
// other, in the order in which they were asked for.
class Housekeeping {
  public:
    // A disk that needs longer does not answer, as far as whoever asks is concerned.
    static constexpr std::chrono::seconds kPatience{20};
    // Whoever asks for a few figures gets them at once or not at all.
    static constexpr std::chrono::milliseconds kMoment{400};
    static constexpr std::chrono::seconds kHangs{1};
    static constexpr std::size_t kFewCalls = 64;  // that wait before such a one

    Housekeeping(const boost::asio::any_io_executor& executor, Spool spool)
        : executor_(executor), thread_(executor), spool_(std::make_shared<Spool>(std::move(spool))) {}

    // Makes the call in the thread, and returns what it gives. call may refer only to what it holds. It is
    // to be named before it is passed: GCC 12 destroys twice what is made within the statement that waits.
    // Errors: those of the call; timed_out, if the disk does not answer.
    template <typename Value>
    [[nodiscard]] boost::asio::awaitable<base::Result<Value>> ask(
        std::function<base::Result<Value>(Spool&)> call) {
        auto asking = ask_within<Value>(std::move(call), kPatience);
        co_return co_await std::move(asking);
    }

    // Likewise, for calls that touch no disk. While the disk hangs, they are not made: nobody waits for a
    // disk about which they ask nothing, and a thousand who ask leave room for those who write.
    template <typename Value>
    [[nodiscard]] boost::asio::awaitable<base::Result<Value>> ask_briefly(
        std::function<base::Result<Value>(Spool&)> call) {
        if (hangs()) co_return no_answer();
        auto asking = ask_within<Value>(std::move(call), kMoment);
        co_return co_await std::move(asking);
    }

    // Makes the call in the thread, for nobody who waits.
    void tell(std::function<void(Spool&)> call) { loop::spawn(executor_, tell_and_forget(std::move(call))); }

  private:
    using Clock = std::chrono::steady_clock;

    // The calls that wait or are being made. Shared with the thread.
    struct Calls {
        std::mutex mutex;
        std::size_t count = 0;
        Clock::time_point moved = {};  // when the last one was done, or the first one came
    };

    template <typename Value>
    [[nodiscard]] boost::asio::awaitable<base::Result<Value>> ask_within(
        std::function<base::Result<Value>(Spool&)> call, std::chrono::milliseconds within) {
        using Answer = std::shared_ptr<base::Result<Value>>;
        const std::function<Answer()> asked = [spool = spool_, call = std::move(call),
                                               counted = count_call()] {
            return std::make_shared<base::Result<Value>>(call(*spool));
        };
        auto answer = co_await thread_.ask<Answer>(asked, within);
        if (!answer) co_return no_answer();
        co_return std::move(**answer);
    }
    [[nodiscard]] static std::unexpected<base::Error> no_answer();
    // Returns what counts a call as long as it lives.
    [[nodiscard]] std::shared_ptr<const void> count_call();
    [[nodiscard]] bool hangs() const;
    [[nodiscard]] boost::asio::awaitable<void> tell_and_forget(std::function<void(Spool&)> call);

    boost::asio::any_io_executor executor_;
    loop::HelperThread thread_;
    std::shared_ptr<Spool> spool_;
    std::shared_ptr<Calls> calls_ = std::make_shared<Calls>();
};

}  // namespace packetsentry::spool
