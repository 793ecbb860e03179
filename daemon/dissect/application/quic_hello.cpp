#include "daemon/dissect/application/quic_hello.h"

#include <algorithm>

#include "daemon/dissect/application/quic_connections.h"
#include "daemon/dissect/application/quic_frames.h"
#include "daemon/dissect/application/tls_hello.h"

namespace packetsentry::dissect {

namespace {

constexpr std::size_t kMessageHeader = 4;  // type (1), length (3)

bool has_whole_message(std::string_view handshake) {
    Cursor message(std::as_bytes(std::span(handshake)));
    message.skip(1);
    const std::size_t size = message.u24();
    return !message.failed() && handshake.size() - kMessageHeader >= size;
}

// What came before of a hello that is not whole in this datagram is put into out's own text, because what is
// known of the connection may change with the next packet.
std::string_view handshake_of(QuicCrypto& crypto, std::span<const std::byte> destination_id,
                              Dissection& out) {
    const std::string_view own = crypto.join(out);
    if (out.quic == nullptr || crypto.pieces().empty() || has_whole_message(own)) return own;
    const std::string_view joined = out.quic->join(out, destination_id, crypto.pieces());
    if (joined.size() <= own.size()) return own;
    const std::size_t begin = out.begin_text();
    out.put(joined);
    return out.text_since(begin);
}

}  // namespace

// The handshake begins with the hello, which may go on in the next datagram.
bool read_quic_hello(const Cursor& frames, std::span<const std::byte> destination_id, Dissection& out) {
    constexpr std::uint8_t kClientHello = 1;
    QuicCrypto crypto;
    crypto.read(frames);
    const std::string_view handshake = handshake_of(crypto, destination_id, out);
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
