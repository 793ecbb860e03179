// The table of EtherTypes: what is inside a frame, by the number in front of it (IEEE 802 numbers, IANA).
#pragma once

#include <cstdint>

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

// The layer of this type. A type that is only known by its word becomes the packet's protocol and ends the
// walk. One that is not in the table ends it too, and the packet stays what its carrier is: the carrier has
// said so by understood() before, with a protocol that shows kDetail, where the number is.
[[nodiscard]] Layer by_ethertype(std::uint16_t type, Walk& walk);

// Does so for a header whose type Wireshark reads by a dissector of its own, so that the chain of layers has
// it: that of Ethernet, of a VLAN tag, and of a cooked packet. Other carriers of EtherTypes call
// by_ethertype().
[[nodiscard]] Layer enter_ethertype(std::uint16_t type, Walk& walk);

// Gives the layer behind a header that anybody may have written, so that its type alone does not prove what
// follows. What follows is vouched for only where it has a check that holds.
[[nodiscard]] Layer by_checked_ethertype(std::uint16_t type, const Cursor& bytes, Walk& walk);

// Tells whether the table has it.
[[nodiscard]] bool is_known_ethertype(std::uint16_t type);

// Tells whether bytes are what this type announces, behind at most two VLAN tags. Only IP, ARP and PPPoE have
// checks by which that can be told; the answer for all other types is no.
[[nodiscard]] bool is_of_ethertype(std::uint16_t type, const Cursor& bytes);

// Does so for the field that is a length up to 1500 (IEEE 802.3 3.2.6): then LLC follows.
[[nodiscard]] Layer by_type_or_length(std::uint16_t type_or_length, Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
