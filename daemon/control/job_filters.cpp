#include "daemon/control/job_filters.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>

#include "daemon/config/toml_text.h"
#include "daemon/workers/filter_check.h"

namespace packetsentry::control {

namespace asio = boost::asio;

namespace {

base::Result<void> at_line(base::Result<void> checked, const standing::StandingJob& job, std::uint32_t line) {
    if (checked || checked.error().code != base::ErrorCode::filter) return checked;
    return config::mistake(job.path, line, checked.error().message);
}

}  // namespace

asio::awaitable<base::Result<void>> check_job_filters(asio::any_io_executor executor, std::string worker_path,
                                                      standing::StandingJob job) {
    base::Result<void> checked;
    if (!job.filter.bpf().empty())
        checked = at_line(co_await workers::check_filter(executor, worker_path, job.filter.bpf()), job,
                          job.bpf_line);
    if (checked && !job.filter.display().empty())
        checked = at_line(co_await workers::check_display_filter(executor, worker_path, job.filter.display()),
                          job, job.display_line);
    co_return checked;
}

base::Result<void> check_job_filters_now(const std::string& worker_path, const standing::StandingJob& job) {
    asio::io_context loop;
    base::Result<void> outcome;
    asio::co_spawn(loop, check_job_filters(loop.get_executor(), worker_path, job),
                   [&](const std::exception_ptr& error, base::Result<void> checked) {
                       if (error) std::rethrow_exception(error);
                       outcome = std::move(checked);
                   });
    loop.run();
    return outcome;
}

}  // namespace packetsentry::control
