// Opens the first packets of QUIC clients. An Initial packet is encrypted with keys that anybody can compute:
// they follow from the connection ID that the client has chosen for the server, which stands in the packet,
// and from a salt that the version has (RFC 9001 section 5.2; version 2: RFC 9369 section 3.3).
//
// A server's Initial packets are encrypted with keys from the same connection ID, but do not have it, so they
// cannot be opened by themselves.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace packetsentry::dissect {

enum class QuicVersion : std::uint8_t { version_1, version_2 };

struct QuicInitial {
    QuicVersion version;
    std::span<const std::byte> destination_id;  // 20 bytes at most
    std::span<const std::byte> packet;          // from the first byte of its header to its end
    std::size_t number_offset;                  // in packet, of the protected packet number
};

// Longer packets are left alone. Clients send datagrams of 1200 bytes and rarely more, because they do not
// know yet what the path takes.
inline constexpr std::size_t kQuicInitialLimit = 4096;

using QuicFrames = std::array<std::byte, kQuicInitialLimit>;

// Writes the frames of the packet to room, and returns them. Empty where the packet is not authentic: of a
// server, damaged, or something else. Takes some microseconds, and no memory but the caller's.
[[nodiscard]] std::span<const std::byte> open_quic_initial(const QuicInitial& initial, QuicFrames& room);

}  // namespace packetsentry::dissect
