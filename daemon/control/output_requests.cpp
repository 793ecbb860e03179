#include "daemon/control/output_requests.h"

#include <string>
#include <utility>

namespace packetsentry::control {

namespace asio = boost::asio;
using base::ErrorCode;

namespace {

constexpr std::size_t kOutputNameLimit = 4096;
constexpr std::size_t kFailureLimit = 512;

// An error is what the client says about a file that it could not open.
base::Result<jobs::GivenOutput> given_by(const wire::GiveOutput& give,
                                         std::vector<base::UniqueFd> descriptors) {
    if (!give.failure().empty()) return base::fail(ErrorCode::file, give.failure().substr(0, kFailureLimit));
    if (descriptors.size() != 1) return base::fail(ErrorCode::file, "the client sent no output file");
    if (give.output_name().size() > kOutputNameLimit || give.output_name().contains('\0'))
        return base::fail(ErrorCode::file, "the output has a name that no path can have");
    return jobs::GivenOutput{std::move(descriptors.front()), give.output_name()};
}

}  // namespace

asio::awaitable<Outcome> give_output(Call& call) {
    const wire::GiveOutput& give = call.request.give_output();
    const JobPtr job = call.session.foreground_job(std::to_string(give.job()));
    if (!job)
        co_return base::fail(
            ErrorCode::no_such_job,
            "this connection has not started a capture with the id " + std::to_string(give.job()));
    auto given = given_by(give, std::move(call.descriptors));
    const auto taken = call.shared().supervisor.give_output(job, give.file(), std::move(given));
    if (!taken) co_return std::unexpected(taken.error());
    co_return call.answer();
}

}  // namespace packetsentry::control
