// The IANA protocol numbers that filter programs compare with: transports that have ports, and IPv6 extension
// headers.
#pragma once

#include <cstdint>

namespace packetsentry::capture {

inline constexpr std::uint8_t kHopByHop = 0, kTcp = 6, kUdp = 17, kRouting = 43, kFragment = 44,
                              kAuthentication = 51, kDestinationOptions = 60, kSctp = 132;

}  // namespace packetsentry::capture
