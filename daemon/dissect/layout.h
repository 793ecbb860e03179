// Where things stand in one frame, for who rewrites it (daemon/redact): how far its headers reach, and which
// of their bytes tell of somebody, or of what comes behind them.
//
// Closed by default. Only bytes that a dissector has vouched for lie before header_end(): a header that was
// not understood, or not there as a whole, lies behind it. So does whatever begins with a place that could
// not be noted.
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
    // Of the header that ends where rest begins.
    void header_ends(std::span<const std::byte> rest) { end_header(rest, 0); }
    // The same of a transport's: rest is its payload, without padding.
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
    std::array<Place, kPlaceLimit> places_;
};

}  // namespace packetsentry::dissect
