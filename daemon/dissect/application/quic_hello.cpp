#include "daemon/dissect/application/quic_hello.h"

#include <algorithm>

#include "daemon/dissect/application/quic_frames.h"
#include "daemon/dissect/application/tls_hello.h"

namespace packetsentry::dissect {

// The handshake begins with the hello: type (1), length (3). It may go on in the next datagram.
bool read_quic_hello(const Cursor& frames, Dissection& out) {
    constexpr std::uint8_t kClientHello = 1;
    QuicCrypto crypto;
    crypto.read(frames);
    const std::string_view handshake = crypto.join(out);
    Cursor message(std::as_bytes(std::span(handshake)));
    const std::uint8_t type = message.u8();
    const std::size_t size = message.u24();
    if (message.failed() || type != kClientHello) return false;
    out.add(kTlsMessage, "Client Hello");
    const std::size_t here = std::min(size, message.remaining());
    const std::uint16_t version =
        read_client_hello(Cursor::of_frame(message.left().first(here), size), Ja4::Carrier::quic, out);
    if (version != 0) add_tls_version_protocol(version, out);
    return true;
}

}  // namespace packetsentry::dissect
