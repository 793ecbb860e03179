#include "daemon/control/replies.h"

#include <utility>

#include "proto/link/peer_error.h"

namespace packetsentry::control {

wire::Reply reply_to(const wire::Request& request) {
    wire::Reply reply;
    reply.set_id(request.id());
    return reply;
}

wire::Reply error_reply(std::uint64_t request_id, const base::Error& error) {
    wire::Reply reply;
    reply.set_id(request_id);
    *reply.mutable_error() = proto::to_wire(error);
    return reply;
}

wire::FromDaemon message_of(wire::Reply reply) {
    wire::FromDaemon message;
    *message.mutable_reply() = std::move(reply);
    return message;
}

}  // namespace packetsentry::control
