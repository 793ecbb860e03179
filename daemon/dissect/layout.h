// Where things stand in one frame, for who rewrites it (daemon/redact): how far its headers reach, and which
// of their bytes tell of somebody, or of what comes behind them.
//
// Closed by default. Only bytes that a dissector has vouched for lie before header_end(): a header that was
// not understood, or not there as a whole, lies behind it. So does whatever begins with a place that could
// not be noted.
//
// A dissector may read on where it would not vouch: a line may name what probably is a header, but a wrong
// guess must not keep somebody's payload. Then it closes the layout, and what the layers inside say of their
// headers no longer counts. Two kinds of header are vouched for:
//
//   named     The layer outside tells by a link type, an EtherType or a protocol number what follows. It
//             is kept if none of its own fields contradicts that: version, sizes, bits and bytes that must
//             be zero.
//   computed  Nobody tells what follows (below an MPLS label stack), or what tells it goes to a port that
//             anybody may use (VXLAN), or the layer outside is itself inside of a tunnel. It is kept if
//             what can be computed is right as well: an IPv4 header has its checksum, an IPv6 header the
//             length of the packet, an Ethernet header is followed by what its EtherType announces.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace packetsentry::dissect {

class Layout {
  public:
    enum class Kind : std::uint8_t {
        ipv4,
        ipv6,
        mac,
        identifier,  // an address of another kind, or several
        opaque,      // it means nothing, or only its user can read it: it could hold anything
        ipv4_options,
        ipv6_options,  // of a hop-by-hop or a destination options header
        tcp_options,
        checksum,     // covers addresses, or what is behind the header
        ipv4_header,  // with options; its own checksum is at offset 10. Comes after the places in it
    };
    struct Place {
        std::uint32_t offset = 0;
        std::uint16_t size = 0;
        Kind kind = Kind::identifier;
    };
    static constexpr std::size_t kPlaceLimit = 32;

    // frame: what all spans below point into.
    void begin(std::span<const std::byte> frame);

    // A place already noted stays as it is.
    void note(Kind kind, std::span<const std::byte> place);
    // Nothing more is vouched for. What stands in the headers so far is still noted.
    void close() { closed_ = true; }
    [[nodiscard]] bool closed() const { return closed_; }
    // Notes that the header before rest is vouched for; it ends where rest begins.
    void header_ends(std::span<const std::byte> rest) { end_header(rest, 0); }
    // Notes that a transport's header is vouched for. rest is its payload, without padding.
    void payload_begins(std::span<const std::byte> rest) { end_header(rest, rest.size()); }

    [[nodiscard]] std::size_t header_end() const { return std::min(header_end_, limit_); }
    // Bytes of payload behind header_end(), of a transport that was understood.
    [[nodiscard]] std::size_t payload() const { return header_end_ <= limit_ ? payload_ : 0; }
    // Some may lie behind header_end().
    [[nodiscard]] std::span<const Place> places() const { return {places_.data(), count_}; }

  private:
    [[nodiscard]] bool in_frame(std::span<const std::byte> bytes) const;
    [[nodiscard]] std::size_t offset(std::span<const std::byte> bytes) const {
        return static_cast<std::size_t>(bytes.data() - frame_.data());
    }
    void end_header(std::span<const std::byte> rest, std::size_t payload);

    std::span<const std::byte> frame_;
    std::size_t header_end_ = 0;
    std::size_t payload_ = 0;
    std::size_t limit_ = 0;
    std::size_t count_ = 0;
    bool closed_ = false;
    std::array<Place, kPlaceLimit> places_;
};

}  // namespace packetsentry::dissect
