// Anything may travel in the options of IPv4, TCP and IPv6: in an option that nobody knows, in a known one
// that is longer than it can be, in padding, in the bytes behind the end of the list. Only options stay that
// are known and have exactly the size that their definition gives them; the others become padding of the same
// length.
//
// Options that only their user can read do not count as known: cookies, digests (which tell of what they were
// computed over), those of MPTCP, security labels, the client's address behind a load balancer. Nor do the
// routes of IPv4, whose entries may be anything until a router has filled them in.
#pragma once

#include <cstddef>
#include <span>

namespace packetsentry::redact {

// What becomes of the home address of IPv6.
enum class Addresses : bool { kept, blanked };

// Each tells whether it has changed a byte.
bool blank_ipv4_options(std::span<std::byte> options);
bool blank_tcp_options(std::span<std::byte> options);
bool blank_ipv6_options(std::span<std::byte> options, Addresses addresses);

}  // namespace packetsentry::redact
