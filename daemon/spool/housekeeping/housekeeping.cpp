#include "daemon/spool/housekeeping/housekeeping.h"

namespace packetsentry::spool {

boost::asio::awaitable<void> Housekeeping::tell_and_forget(std::function<void(Spool&)> call) {
    const std::function<base::Result<void>(Spool&)> told = [call = std::move(call)](Spool& spool) {
        call(spool);
        return base::Result<void>{};
    };
    (void)co_await ask<void>(told);
}

}  // namespace packetsentry::spool
