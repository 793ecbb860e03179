// What masking leaves of an address because it tells what it is, not whose: "a private one", "a multicast
// group of the link". RFC 6890, RFC 5771, RFC 4291; IEEE 802 and RFC 2464 for the hardware's.
#pragma once

#include <cstddef>

#include "daemon/base/address.h"

namespace packetsentry::redact {

// So many leading bits stay as they are, of IPv4, IPv6 and MAC addresses; all of them for an address that
// is the same everywhere. An address outside such a block keeps the bits it shares with the block, and the
// one by which it differs: otherwise one could be masked into the block.
[[nodiscard]] std::size_t kept_bits(const base::Address& address);

}  // namespace packetsentry::redact
