// Options of IPv4, TCP and IPv6 that hold addresses, or may hold anything: route records, MPTCP's
// ADD_ADDR, the client's address behind a load balancer, home addresses. Only those known to tell of nobody
// stay; the others become padding of the same length, and so does whatever makes no sense.
#pragma once

#include <cstddef>
#include <span>

namespace packetsentry::redact {

void blank_ipv4_options(std::span<std::byte> options);
void blank_tcp_options(std::span<std::byte> options);
void blank_ipv6_options(std::span<std::byte> options);

}  // namespace packetsentry::redact
