#include "daemon/workers/filter_check.h"

#include <chrono>
#include <utility>

#include "daemon/workers/worker_handle.h"

namespace packetsentry::workers {

namespace asio = boost::asio;

namespace {

// Longer than a worker may compile.
constexpr std::chrono::seconds kWithin{10};

asio::awaitable<base::Result<void>> check_both(asio::any_io_executor executor, std::string worker_path,
                                               std::string filter, std::string display) {
    const auto worker = WorkerHandle::start(executor, worker_path);
    if (!worker) co_return std::unexpected(worker.error());
    (*worker)->check_filters(filter, display);
    const auto ready = co_await (*worker)->ready(kWithin);
    if (!ready) co_return std::unexpected(ready.error());
    co_return base::Result<void>();
}

}  // namespace

asio::awaitable<base::Result<void>> check_filter(asio::any_io_executor executor, std::string worker_path,
                                                 std::string filter) {
    return check_both(std::move(executor), std::move(worker_path), std::move(filter), {});
}

asio::awaitable<base::Result<void>> check_display_filter(asio::any_io_executor executor,
                                                         std::string worker_path, std::string filter) {
    return check_both(std::move(executor), std::move(worker_path), {}, std::move(filter));
}

}  // namespace packetsentry::workers
