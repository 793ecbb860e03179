// Builds the replies that are sent to clients.
#pragma once

#include <cstdint>

#include "daemon/base/result.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::control {

[[nodiscard]] wire::Reply reply_to(const wire::Request& request);

// If request_id is 0, the error is about the connection, which the caller closes after it.
[[nodiscard]] wire::Reply error_reply(std::uint64_t request_id, const base::Error& error);

[[nodiscard]] wire::FromDaemon message_of(wire::Reply reply);

}  // namespace packetsentry::control
