// Replies as they go out.
#pragma once

#include <cstdint>

#include "daemon/base/result.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::control {

[[nodiscard]] wire::Reply reply_to(const wire::Request& request);

// request_id 0: the error concerns the connection, which is closed after it.
[[nodiscard]] wire::Reply error_reply(std::uint64_t request_id, const base::Error& error);

[[nodiscard]] wire::FromDaemon message_of(wire::Reply reply);

}  // namespace packetsentry::control
