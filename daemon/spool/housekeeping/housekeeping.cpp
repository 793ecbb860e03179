#include "daemon/spool/housekeeping/housekeeping.h"

namespace packetsentry::spool {

std::unexpected<base::Error> Housekeeping::no_answer() {
    return base::fail(base::ErrorCode::timed_out,
                      "the disk of the spool does not answer; see 'journalctl -k'");
}

std::shared_ptr<const void> Housekeeping::count_call() {
    const std::lock_guard lock(calls_->mutex);
    if (calls_->count++ == 0) calls_->moved = Clock::now();
    return {nullptr, [calls = calls_](const void*) {
                const std::lock_guard locked(calls->mutex);
                --calls->count;
                calls->moved = Clock::now();
            }};
}

bool Housekeeping::hangs() const {
    const std::lock_guard lock(calls_->mutex);
    return calls_->count >= kFewCalls || (calls_->count != 0 && Clock::now() - calls_->moved >= kHangs);
}

boost::asio::awaitable<void> Housekeeping::tell_and_forget(std::function<void(Spool&)> call) {
    const std::function<base::Result<void>(Spool&)> told = [call = std::move(call)](Spool& spool) {
        call(spool);
        return base::Result<void>{};
    };
    (void)co_await ask<void>(told);
}

}  // namespace packetsentry::spool
