#include "daemon/control/policy_filters.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <set>

#include "daemon/log/log.h"
#include "daemon/workers/filter_check.h"

namespace packetsentry::control {

namespace asio = boost::asio;

asio::awaitable<base::Result<void>> check_filters(asio::any_io_executor executor, std::string worker_path,
                                                  policy::Policy policy) {
    std::set<std::string> good{""};
    for (const policy::Rule& rule : policy.rules) {
        if (!good.insert(rule.terms.filter).second) continue;
        const auto checked = co_await workers::check_filter(executor, worker_path, rule.terms.filter);
        if (checked) continue;
        if (checked.error().code == base::ErrorCode::filter)
            co_return base::fail(base::ErrorCode::usage, policy.path + ":" + std::to_string(rule.line) +
                                                             ": " + checked.error().message);
        log::tell(log::Event::trouble, {}, "cannot check the policy's filters: {}", checked.error().message);
        co_return base::Result<void>();
    }
    co_return base::Result<void>();
}

base::Result<void> check_filters_now(const std::string& worker_path, const policy::Policy& policy) {
    asio::io_context loop;
    base::Result<void> outcome;
    asio::co_spawn(loop, check_filters(loop.get_executor(), worker_path, policy),
                   [&](const std::exception_ptr& error, base::Result<void> checked) {
                       if (error) std::rethrow_exception(error);
                       outcome = std::move(checked);
                   });
    loop.run();
    return outcome;
}

}  // namespace packetsentry::control
