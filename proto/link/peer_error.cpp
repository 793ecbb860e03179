#include "proto/link/peer_error.h"

namespace packetsentry::proto {

wire::Error to_wire(const base::Error& error) {
    wire::Error message;
    message.set_code(static_cast<std::uint32_t>(error.code));
    message.set_message(error.message);
    return message;
}

base::Error from_wire(const wire::Error& error) {
    const bool known =
        error.code() >= 1 && error.code() <= static_cast<std::uint32_t>(base::ErrorCode::internal);
    return {known ? static_cast<base::ErrorCode>(error.code()) : base::ErrorCode::internal, error.message()};
}

}  // namespace packetsentry::proto
