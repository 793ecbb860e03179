// Packets of flows for tests: two hosts that talk to each other.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/flows/flow_packet.h"
#include "daemon/flows/tcp_segment.h"
#include "tests/unit/proto/flows/flow_ends.h"

namespace packetsentry::flows {

inline constexpr std::uint32_t kClientFirst = 1000;
inline constexpr std::uint32_t kServerFirst = 5000;
inline constexpr std::int64_t kMillisecond = 1'000'000;
inline constexpr std::int64_t kSecond = 1'000'000'000;

// "SA" is SYN and ACK; letters are S, A, F, R.
inline std::uint16_t flags(std::string_view letters) {
    std::uint16_t all = 0;
    for (const char letter : letters) {
        if (letter == 'S') all |= tcp_flag::syn;
        if (letter == 'A') all |= tcp_flag::ack;
        if (letter == 'F') all |= tcp_flag::fin;
        if (letter == 'R') all |= tcp_flag::rst;
    }
    return all;
}

inline TcpSegment segment(std::string_view letters, std::uint32_t sequence, std::uint32_t acknowledgement,
                          std::uint32_t payload = 0, std::int64_t time_ns = 0) {
    return {.sequence = sequence,
            .acknowledgement = acknowledgement,
            .flags = flags(letters),
            .window = 1000,
            .payload_bytes = payload,
            .time_ns = time_ns};
}

inline FlowPacket packet(const FlowTuple& tuple, std::uint32_t payload = 0, std::int64_t time_ns = 0) {
    return {.tuple = tuple, .time_ns = time_ns, .ip_bytes = payload + 28, .payload_bytes = payload};
}

inline FlowPacket tcp_packet(bool from_client, const TcpSegment& segment) {
    FlowPacket made =
        packet(from_client ? tuple(IPPROTO_TCP, kClient, kServer) : tuple(IPPROTO_TCP, kServer, kClient),
               segment.payload_bytes, segment.time_ns);
    made.tcp = segment;
    return made;
}

}  // namespace packetsentry::flows
