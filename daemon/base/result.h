// Failure as a value: what can happen in normal life is returned, never thrown.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>

namespace packetsentry::base {

// What kind of thing went wrong. The numbers are the client's exit codes and the wire's error codes,
// so they never change.
enum class ErrorCode : std::uint8_t {
    usage = 1,
    interface = 2,
    file = 3,
    filter = 4,
    not_permitted = 5,
    unreachable = 6,
    no_such_job = 7,
    timed_out = 8,
    internal = 9,
};

// One line for a person: what was attempted, on what, why, and what mends it. May quote bytes from
// outside; whoever prints it escapes it.
struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string message;
    // Further lines for a terminal, such as an expression with a mark below what is wrong in it; else empty.
    // Whoever makes them escapes them.
    std::string picture = {};
};

template <typename T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
    return std::unexpected(Error{code, std::move(message)});
}

}  // namespace packetsentry::base
