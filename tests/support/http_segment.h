// Segments of TCP as clients and servers of HTTP send them.
#pragma once

#include <cstdint>
#include <string_view>

#include "tests/support/packet_builder.h"

namespace packetsentry::test {

struct HttpSegment {
    std::string_view head = "GET / HTTP/1.1\r\nHost: www.example\r\n\r\n";  // empty: no data
    std::uint32_t sequence = 1000;
    std::uint32_t acknowledgement = 5000;
    std::uint8_t flags = 0x18;  // PSH, ACK
    bool from_server = false;
    std::string_view client = "192.0.2.1";
    std::string_view server = "192.0.2.80";
    std::uint16_t client_port = 40000;
    std::uint16_t server_port = 80;
};

[[nodiscard]] inline Bytes http_frame(const HttpSegment& segment) {
    PacketBuilder packet;
    packet.ethernet();
    const bool back = segment.from_server;
    packet.ipv4(back ? segment.server : segment.client, back ? segment.client : segment.server);
    packet.tcp(
        back ? segment.server_port : segment.client_port, back ? segment.client_port : segment.server_port,
        {.flags = segment.flags, .sequence = segment.sequence, .acknowledgement = segment.acknowledgement});
    return packet.payload(segment.head).build();
}

}  // namespace packetsentry::test
