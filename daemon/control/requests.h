// The requests there are: who may make them, and what answers.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <vector>

#include "daemon/base/unique_fd.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::control {

class Session;

// Jobs that one request to stop may name: more than there are by default.
inline constexpr int kJobsToStop = 128;

struct Answer {
    wire::Reply reply;
    std::function<void()> afterwards;  // once the reply is on its way: the stream it promised
};

// Every request gets an answer: also one of a kind not known here, or not permitted. descriptors that
// the request does not ask for are closed.
[[nodiscard]] boost::asio::awaitable<Answer> answer_request(Session& session, const wire::Request& request,
                                                            std::vector<base::UniqueFd> descriptors);

}  // namespace packetsentry::control
