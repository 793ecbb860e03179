#include "daemon/control/policy_requests.h"

#include <utility>

#include "daemon/control/policy_check.h"

namespace packetsentry::control {

namespace asio = boost::asio;

asio::awaitable<Outcome> check_policy(Call& call) {
    auto verdict = checked_policy(call.session.peer(), call.request.policy(), call.shared());
    if (!verdict) co_return std::unexpected(verdict.error());
    Answer answer = call.answer();
    *answer.reply.mutable_verdict() = std::move(*verdict);
    co_return answer;
}

}  // namespace packetsentry::control
