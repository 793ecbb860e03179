// The frames of an Initial packet (RFC 9000 sections 12.4, 17.2.2 and 19), of which CRYPTO frames carry the
// TLS handshake. They may come in any order, with others between them, and may repeat what others have.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "daemon/dissect/cursor.h"
#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

// What a CRYPTO frame has of the handshake.
struct QuicPiece {
    std::uint64_t offset = 0;  // from the beginning of the handshake
    std::string_view bytes;
};

// Collects the CRYPTO frames of a datagram.
class QuicCrypto {
  public:
    static constexpr std::size_t kFrameLimit = 64;  // CRYPTO frames looked at

    // frames: of one packet; they must live until join(). Reading ends at the first frame that cannot be in
    // an Initial packet.
    void read(Cursor frames);

    [[nodiscard]] std::span<const QuicPiece> pieces() const { return {pieces_.data(), count_}; }
    // Puts what the frames have from the stream's beginning on, up to the first gap, into out's own text.
    // Marks out as incomplete where there were too many frames.
    [[nodiscard]] std::string_view join(Dissection& out);

  private:
    void add(Cursor& frames);

    std::array<QuicPiece, kFrameLimit> pieces_;
    std::size_t count_ = 0;
    bool too_many_ = false;
};

}  // namespace packetsentry::dissect
