// The spool, on a thread of its own: whatever a disk does, the loop does not wait for it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
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

    Housekeeping(const boost::asio::any_io_executor& executor, Spool spool)
        : executor_(executor), thread_(executor), spool_(std::make_shared<Spool>(std::move(spool))) {}

    // Makes the call in the thread, and returns what it gives. call may refer only to what it holds. It is
    // to be named before it is passed: GCC 12 destroys twice what is made within the statement that waits.
    // Errors: those of the call; timed_out, if the disk does not answer.
    template <typename Value>
    [[nodiscard]] boost::asio::awaitable<base::Result<Value>> ask(
        std::function<base::Result<Value>(Spool&)> call, std::chrono::milliseconds patience = kPatience) {
        using Answer = std::shared_ptr<base::Result<Value>>;
        const std::function<Answer()> asked = [spool = spool_, call = std::move(call)] {
            return std::make_shared<base::Result<Value>>(call(*spool));
        };
        auto answer = co_await thread_.ask<Answer>(asked, patience);
        if (!answer)
            co_return base::fail(base::ErrorCode::timed_out,
                                 "the disk of the spool does not answer; see 'journalctl -k'");
        co_return std::move(**answer);
    }

    // Makes the call in the thread, for nobody who waits.
    void tell(std::function<void(Spool&)> call) { loop::spawn(executor_, tell_and_forget(std::move(call))); }

  private:
    [[nodiscard]] boost::asio::awaitable<void> tell_and_forget(std::function<void(Spool&)> call);

    boost::asio::any_io_executor executor_;
    loop::HelperThread thread_;
    std::shared_ptr<Spool> spool_;
};

}  // namespace packetsentry::spool
