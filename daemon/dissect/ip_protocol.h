// The table of IP protocols: what IPv4 or IPv6 carries, by its IANA number.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

// The layer of this number. One that is known by its word alone becomes the packet's protocol; of an
// unknown one the IP layer tells the number.
[[nodiscard]] Layer by_ip_protocol(std::uint8_t number, Walk& walk);

// "UDP" for 17; empty where it is not in the table.
[[nodiscard]] std::string_view ip_protocol_word(std::uint8_t number);

}  // namespace packetsentry::dissect
