// Opens the first packets of QUIC. An Initial packet is encrypted with keys that anybody can compute: they
// follow from the connection ID that the client has chosen for the server, and from a salt that the version
// has (RFC 9001 section 5.2; version 2: RFC 9369 section 3.3).
//
// The first packet of a client has this connection ID. Those of the server, and later ones of the client, do
// not have it, so they cannot be opened by themselves.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace packetsentry::dissect {

enum class QuicVersion : std::uint8_t { version_1, version_2 };

enum class QuicSide : std::uint8_t { client, server };

inline constexpr std::size_t kQuicConnectionIdLimit = 20;  // bytes

struct QuicInitial {
    QuicVersion version;
    QuicSide sender;
    // That of the first Initial packet of the client, from which the keys of both sides follow, or that of
    // the first one behind a Retry. It has kQuicConnectionIdLimit bytes at most.
    std::span<const std::byte> destination_id;
    std::span<const std::byte> packet;  // from the first byte of its header to its end
    std::size_t number_offset;          // in packet, of the protected packet number
};

// Longer packets are left alone. Clients send datagrams of 1200 bytes and rarely more, because they do not
// know yet what the path takes.
inline constexpr std::size_t kQuicInitialLimit = 4096;

using QuicFrames = std::array<std::byte, kQuicInitialLimit>;

// Writes the frames of the packet to room, and returns them. Empty where the packet is not authentic: of the
// other side, damaged, or something else. Takes some microseconds, and no memory but the caller's.
[[nodiscard]] std::span<const std::byte> open_quic_initial(const QuicInitial& initial, QuicFrames& room);

}  // namespace packetsentry::dissect
