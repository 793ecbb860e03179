#include "daemon/workers/filter_check.h"

#include <chrono>

#include "daemon/workers/worker_handle.h"

namespace packetsentry::workers {

namespace asio = boost::asio;

namespace {

// Longer than a worker may compile.
constexpr std::chrono::seconds kWithin{10};

}  // namespace

asio::awaitable<base::Result<void>> check_filter(asio::any_io_executor executor, std::string worker_path,
                                                 std::string filter) {
    const auto worker = WorkerHandle::start(executor, worker_path);
    if (!worker) co_return std::unexpected(worker.error());
    (*worker)->check_filter(filter);
    const auto ready = co_await (*worker)->ready(kWithin);
    if (!ready) co_return std::unexpected(ready.error());
    co_return base::Result<void>();
}

}  // namespace packetsentry::workers
