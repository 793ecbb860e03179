// ICMP, RFC 792; its errors quote the packet they answer, which is no part of the record's addresses.
//
//   0      1      2          4                            8
//   +------+------+----------+----------------------------+----
//   | type | code | checksum | by type: id, sequence;     | …
//   |      |      |          | MTU; gateway               |
//   +------+------+----------+----------------------------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_icmp(Cursor& bytes, Walk& walk);

// What ICMP and ICMPv6 share: type, code and checksum; then describe_message reads what the type says
// and composes the line's detail.
using IcmpDescriber = void (*)(std::uint8_t type, std::uint8_t code, Cursor& bytes, Walk& walk);
[[nodiscard]] Layer read_icmp_message(Cursor& bytes, Walk& walk, const Protocol& protocol,
                                      IcmpDescriber describe_message);

// Reads identifier and sequence number of an echo message, and composes the line's detail behind text.
void read_echo(std::string_view text, Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
