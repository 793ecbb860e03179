#include "daemon/dissect/application/quic_hello.h"

#include <algorithm>

#include "daemon/dissect/application/quic_connections.h"
#include "daemon/dissect/application/quic_frames.h"
#include "daemon/dissect/application/tls_hello.h"

namespace packetsentry::dissect {

namespace {

constexpr std::uint8_t kClientHelloType = 1, kServerHelloType = 2;
constexpr std::size_t kHelloMessageHeader = 4;  // type (1), length (3)

// A message of the handshake, as far as it is there.
struct HelloMessage {
    explicit HelloMessage(std::string_view handshake) : body(std::as_bytes(std::span(handshake))) {
        type = body.u8();
        size = body.u24();
    }
    [[nodiscard]] bool begins() const { return !body.failed(); }
    [[nodiscard]] bool is_whole() const { return begins() && body.remaining() >= size; }
    [[nodiscard]] bool asks_again() const {
        return is_whole() && type == kServerHelloType && is_hello_retry_request(hello());
    }
    [[nodiscard]] Cursor hello() const {
        return Cursor::of_frame(body.left().first(std::min(size, body.remaining())), size);
    }

    Cursor body;  // and what is behind it
    std::uint8_t type = 0;
    std::size_t size = 0;
};

// What came before of a hello that is not whole in this datagram is put into out's own text, because what is
// known of the connection may change with the next packet. A hello that asks for another one is remembered,
// because the real one follows it in the stream of the server.
std::string_view handshake_of(QuicCrypto& crypto, QuicSide sender, std::span<const std::byte> destination_id,
                              Dissection& out) {
    const std::string_view own = crypto.join(out);
    if (out.quic == nullptr || crypto.pieces().empty()) return own;
    const HelloMessage message(own);
    if (message.is_whole() && !message.asks_again()) return own;
    const std::string_view joined = out.quic->join(out, sender, destination_id, crypto.pieces());
    if (joined.size() <= own.size()) return own;
    const std::size_t begin = out.begin_text();
    out.put(joined);
    return out.text_since(begin);
}

}  // namespace

// The handshake begins with the hello, which may go on in the next datagram.
bool read_quic_hello(const Cursor& frames, QuicSide sender, std::span<const std::byte> destination_id,
                     Dissection& out) {
    const bool is_client = sender == QuicSide::client;
    QuicCrypto crypto;
    crypto.read(frames);
    const std::string_view handshake = handshake_of(crypto, sender, destination_id, out);
    HelloMessage message(handshake);
    if (message.asks_again() && handshake.size() > kHelloMessageHeader + message.size)
        message = HelloMessage(handshake.substr(kHelloMessageHeader + message.size));
    if (!message.begins() || message.type != (is_client ? kClientHelloType : kServerHelloType)) return false;
    out.add(kTlsMessage, is_client ? "Client Hello" : "Server Hello");
    const std::uint16_t version = is_client ? read_client_hello(message.hello(), Ja4::Carrier::quic, out)
                                            : read_server_hello(message.hello(), out);
    if (version != 0) add_tls_version_protocol(version, out);
    return true;
}

}  // namespace packetsentry::dissect
