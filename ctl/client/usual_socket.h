// The path on which the daemon listens by default.
#pragma once

namespace packetsentry::ctl {

inline constexpr const char* kUsualSocket = "/run/packetsentry/control.sock";
inline constexpr const char* kSocketVariable = "PACKETSENTRY_SOCKET";  // names another in the environment

}  // namespace packetsentry::ctl
