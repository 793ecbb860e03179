// Numbers of headers that nearly every packet has. They are no Fields: each row of a batch has a place for
// them.
#pragma once

#include <cstdint>

namespace packetsentry::dissect {

// All are 0 where the packet has no such header. Those of IP are of the outermost network layer, those of TCP
// and UDP of the outermost TCP or UDP header, be it inside of a tunnel or not.
struct HeaderFields {
    // TCP, RFC 9293 section 3.1. The timestamps are those of RFC 7323 section 3; both are 0 without that
    // option.
    std::uint32_t tcp_sequence = 0;
    std::uint32_t tcp_acknowledgement = 0;
    std::uint32_t tcp_timestamp = 0;
    std::uint32_t tcp_timestamp_echo = 0;
    std::uint16_t tcp_flags = 0;  // kTcpHeader, and twelve bits as they are in the header
    std::uint16_t tcp_window = 0;
    std::uint16_t tcp_payload_bytes = 0;  // on the wire

    std::uint16_t udp_length = 0;  // RFC 768: with the header

    // IPv4, RFC 791 section 3.1, and IPv6, RFC 8200 sections 3 and 4.5.
    std::uint16_t identification = 0;  // of IPv4
    std::uint16_t fragment = 0;        // kMoreFragments and its like, and the offset in units of 8 bytes
    std::uint8_t hop_limit = 0;
    std::uint8_t traffic_class = 0;  // DSCP and ECN

    // What a TCP segment is to its connection (flows::TcpNote). No dissector knows that: it is set by whoever
    // puts conversations together.
    std::uint8_t tcp_notes = 0;
};

// As wire::TcpBit and wire::FragmentBit.
inline constexpr std::uint16_t kTcpHeader = 0x8000;
inline constexpr std::uint16_t kMoreFragments = 0x2000;
inline constexpr std::uint16_t kDontFragment = 0x4000;
inline constexpr std::uint16_t kFragmentHeader = 0x8000;

}  // namespace packetsentry::dissect
