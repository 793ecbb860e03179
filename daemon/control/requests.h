// The table of requests: which permission each needs, and which function answers it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <vector>

#include "daemon/base/unique_fd.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::control {

class Session;

// A request to stop may name this number of jobs, which is more than may run by default.
inline constexpr int kJobsToStop = 128;

struct Answer {
    wire::Reply reply;
    std::function<void()> afterwards;  // called when the reply is queued: starts the stream, if there is one
};

// Answers any request, also an unknown one or one that is not permitted. Closes descriptors that the request
// does not need.
[[nodiscard]] boost::asio::awaitable<Answer> answer_request(Session& session, const wire::Request& request,
                                                            std::vector<base::UniqueFd> descriptors);

}  // namespace packetsentry::control
