// The Initial packets of QUIC that two RFCs have as their examples.
#pragma once

#include "tests/support/packet_builder.h"

namespace packetsentry::test {

// RFC 9001 appendix A.2, and what RFC 9369 appendix A.2 makes of it: a datagram of 1200 bytes whose hello
// asks for example.com. The destination connection ID is 8394c8f03e515708, the packet number 2.
[[nodiscard]] Bytes quic_initial_of_version_1();
[[nodiscard]] Bytes quic_initial_of_version_2();

// What the server answers: RFC 9001 appendix A.3, RFC 9369 appendix A.3. Its hello chooses
// TLS_AES_128_GCM_SHA256 and x25519, behind an ACK frame. Its source connection ID is f067a5502a4262b5.
[[nodiscard]] Bytes quic_answer_of_version_1();
[[nodiscard]] Bytes quic_answer_of_version_2();
[[nodiscard]] Bytes quic_answer_frames();

// An Initial packet of version 1 as RFC 9001 section 5 says, with a packet number of two bytes.
struct QuicInitialPacket {
    bool from_server = false;
    Bytes frames = {};
    Bytes first_id = hex("8394c8f03e515708");  // from which the keys follow
    Bytes destination_id = first_id;
    Bytes source_id = {};
    std::uint16_t number = 0;
};
[[nodiscard]] Bytes quic_initial(const QuicInitialPacket& packet);

// A CRYPTO frame (RFC 9000 section 19.6) with so many bytes of the handshake, from this place on.
[[nodiscard]] Bytes quic_crypto_frame(const Bytes& handshake, std::size_t from, std::size_t to);

// The CRYPTO frame in both of them, behind which padding fills 1162 bytes.
[[nodiscard]] Bytes quic_crypto_frame();

}  // namespace packetsentry::test
