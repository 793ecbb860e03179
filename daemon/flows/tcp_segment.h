// What a segment of TCP says to a conversation.
#pragma once

#include <cstdint>
#include <optional>

namespace packetsentry::flows {

// RFC 9293, section 3.1.
namespace tcp_flag {
inline constexpr std::uint16_t fin = 0x01, syn = 0x02, rst = 0x04, ack = 0x10;
}

struct TcpSegment {
    std::uint32_t sequence = 0;
    std::uint32_t acknowledgement = 0;
    std::uint16_t flags = 0;
    std::uint16_t window = 0;
    std::uint32_t payload_bytes = 0;                // on the wire
    std::optional<std::uint8_t> window_scale = {};  // RFC 7323, section 2; only in a SYN
    std::int64_t time_ns = 0;

    [[nodiscard]] bool has(std::uint16_t flag) const { return (flags & flag) != 0; }
    // How many sequence numbers it uses. Data of a RST belongs to no stream.
    [[nodiscard]] std::uint32_t length() const {
        return (has(tcp_flag::rst) ? 0 : payload_bytes) + (has(tcp_flag::syn) ? 1U : 0U) +
               (has(tcp_flag::fin) ? 1U : 0U);
    }
};

}  // namespace packetsentry::flows
