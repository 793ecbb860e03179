// What is wrong with a packet's IP and transport headers, for who compares flows with those of another tool:
// some tools leave such packets out, or count them otherwise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "daemon/dissect/layout.h"

namespace packetsentry::conformance {

// To be added up.
enum PacketFault : unsigned {
    kNoFault = 0,
    kWrongChecksum = 1,  // of the IPv4 header, TCP, UDP or ICMP
    kZeroLength = 2,     // the IP header tells no length: the sender's card was to fill it in
    kFragment = 4,
    kCut = 8,         // not all of it was captured
    kMalformed = 16,  // its headers contradict each other, as the dissector says
    kUnread = 32,     // it may be a tunnel, and nothing knows what it carries
};

// level: how many IP headers are outside of the one that is meant.
[[nodiscard]] unsigned packet_faults(std::span<const std::byte> frame, const dissect::Layout& layout,
                                     std::size_t level);
// "checksum,cut", or "-".
[[nodiscard]] std::string to_string(unsigned faults);

}  // namespace packetsentry::conformance
