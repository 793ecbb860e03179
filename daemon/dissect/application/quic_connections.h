// What is known of QUIC connections from one packet to the next: which hosts speak QUIC with each other, from
// what the keys of their Initial packets follow, and the pieces of TLS hellos that lie in several datagrams.
// A hello that offers post-quantum keys does, and clients mix its pieces, so that the name of the server is
// often not in the first datagram.
//
// Without this, packets with a short header look like anything (RFC 8999 section 5.2), nobody can read the
// hello of a server, and a datagram tells only what it has itself. All tables have a fixed size. What has no
// room takes the place of something older, so that a flood costs what is known of others, but neither time
// nor memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/dissect/application/quic_frames.h"
#include "daemon/dissect/application/quic_initial.h"
#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

// Used by one thread, for the packets of one capture.
class QuicConnections {
  public:
    static constexpr std::size_t kConnections = 16'384;
    static constexpr std::size_t kFirstIds = 4096;
    static constexpr std::size_t kHellos = 256;           // that are not complete
    static constexpr std::size_t kHelloLimit = 8 * 1024;  // bytes of one

    // seed: nobody else must know it, or packets could be made that push a chosen connection out.
    explicit QuicConnections(std::uint64_t seed) : seed_(seed) {}

    struct End {
        base::Address address = {};
        std::uint16_t port = 0;
    };
    // These two speak QUIC with each other.
    void note(const End& one, const End& other);
    // The packet, whose addresses and ports are in the dissection, has a header that only QUIC has.
    void note(const Dissection& packet) { note(key_of(packet)); }
    // Whether such a packet was seen between the same two ends.
    [[nodiscard]] bool knows(const Dissection& packet) const;

    // The packet is an Initial packet of a client, which this connection ID has opened.
    void note_first_id(const Dissection& packet, std::span<const std::byte> id);
    // The ID that opens the Initial packets between the ends of the packet, and who has sent this one. Valid
    // until the next call.
    struct FirstId {
        QuicSide sender;
        std::span<const std::byte> id;
    };
    [[nodiscard]] std::optional<FirstId> first_id(const Dissection& packet) const;

    // Takes the pieces of an Initial packet that this connection ID has opened, and returns what is known of
    // the handshake with the earlier ones of its sender, from its beginning up to the first gap. Valid until
    // the next call.
    [[nodiscard]] std::string_view join(const Dissection& packet, QuicSide sender,
                                        std::span<const std::byte> id, std::span<const QuicPiece> pieces);

  private:
    struct Hello {
        std::uint64_t key = 0;  // 0: there is none
        std::string bytes = {};
        std::vector<bool> known = {};
        std::size_t joined = 0;  // bytes from the beginning on that are known
    };

    struct Opened {
        std::uint64_t key = 0;     // of both ends; 0: there is none
        std::uint64_t client = 0;  // the key of its end
        std::uint8_t id_bytes = 0;
        std::array<std::byte, kQuicConnectionIdLimit> id = {};
    };
    struct Ends {
        End source, destination;
    };

    void note(std::uint64_t key);
    [[nodiscard]] static Ends ends_of(const Dissection& packet);
    [[nodiscard]] std::uint64_t key_of(const Dissection& packet) const;
    [[nodiscard]] std::uint64_t key_of(const End& one, const End& other) const;
    [[nodiscard]] std::uint64_t end_key(const End& end) const;

    std::uint64_t seed_;
    std::unique_ptr<std::array<std::uint64_t, kConnections>> connections_;  // null: none was seen
    std::unique_ptr<std::array<Opened, kFirstIds>> first_ids_;
    std::unique_ptr<std::array<Hello, kHellos>> hellos_;
};

}  // namespace packetsentry::dissect
