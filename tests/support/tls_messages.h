// Records of TLS as clients and servers send them, as far as nothing in them is encrypted.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "tests/support/packet_builder.h"

namespace packetsentry::test {

// Types of records (RFC 8446 section 5.1).
inline constexpr std::uint8_t kTlsChange = 20, kTlsAlert = 21, kTlsHandshake = 22, kTlsData = 23;

[[nodiscard]] inline Bytes tls_record(std::uint8_t type, const Bytes& body) {
    return join({big_endian(type, 1), hex("0303"), sized(body, 2)});
}

[[nodiscard]] inline Bytes tls_message(std::uint8_t type, const Bytes& body) {
    return join({big_endian(type, 1), sized(body, 3)});
}

// An extension of a hello: type, length, content.
[[nodiscard]] inline Bytes tls_extension(std::uint16_t type, const Bytes& body) {
    return join({big_endian(type, 2), sized(body, 2)});
}

// RFC 6066 section 3.
[[nodiscard]] inline Bytes tls_server_name(std::string_view name) {
    return tls_extension(0, sized(join({hex("00"), sized(text(name), 2)}), 2));
}

// RFC 8446 section 4.1.2, in a record.
struct TlsClientHello {
    std::string_view name = "www.example";
    std::string_view session = "";  // in hex
    Bytes more = {};                // extensions
    bool offers_13 = true;
};

[[nodiscard]] inline Bytes tls_client_hello(const TlsClientHello& hello = {}) {
    const Bytes versions = hello.offers_13 ? tls_extension(43, hex("04 0304 0303")) : Bytes();
    const Bytes extensions = join({tls_server_name(hello.name), versions, hello.more});
    const Bytes body = join({hex("0303"), Bytes(32, std::byte{0x11}), sized(hex(hello.session), 1),
                             hex("0004 1301 C02F 01 00"), sized(extensions, 2)});
    return tls_record(kTlsHandshake, tls_message(1, body));
}

// The message alone, because others may share its record up to TLS 1.2.
[[nodiscard]] inline Bytes tls_server_hello_of_12(const Bytes& extensions = {}) {
    return tls_message(
        2, join({hex("0303"), Bytes(32, std::byte{0x22}), hex("00 C02F 00"), sized(extensions, 2)}));
}

// RFC 8446 section 4.1.3, in a record, with x25519 as its group.
[[nodiscard]] inline Bytes tls_server_hello_of_13(const Bytes& more = {}) {
    const Bytes key_share = tls_extension(51, join({hex("001D"), sized(Bytes(32, std::byte{0x33}), 2)}));
    const Bytes extensions = join({tls_extension(43, hex("0304")), key_share, more});
    return tls_record(kTlsHandshake, tls_message(2, join({hex("0303"), Bytes(32, std::byte{0x22}),
                                                          hex("00 1301 00"), sized(extensions, 2)})));
}

// A server that wants a hello with a key of secp256r1.
[[nodiscard]] inline Bytes tls_hello_retry_request() {
    const Bytes random = hex("CF21AD74E59A6111BE1D8C021E65B891C2A211167ABB8C5E079E09E2C8A8339C");
    const Bytes extensions = join({tls_extension(43, hex("0304")), tls_extension(51, hex("0017"))});
    return tls_record(kTlsHandshake,
                      tls_message(2, join({hex("0303"), random, hex("00 1301 00"), sized(extensions, 2)})));
}

// RFC 5246 section 7.4.2: the certificate of the server, and those by which it is signed.
[[nodiscard]] inline Bytes tls_certificate(std::initializer_list<Bytes> chain) {
    Bytes list;
    for (const Bytes& one : chain) list = join({list, sized(one, 3)});
    return tls_message(11, sized(list, 3));
}

// RFC 8422 section 5.4: the type of the curve, its number, a point, and a signature.
[[nodiscard]] inline Bytes tls_key_exchange(std::string_view type_and_group = "03 001D") {
    return tls_message(12, join({hex(type_and_group), sized(Bytes(32, std::byte{0x44}), 1), hex("0804"),
                                 sized(Bytes(64), 2)}));
}

[[nodiscard]] inline Bytes tls_hello_done() {
    return tls_message(14, {});
}

[[nodiscard]] inline Bytes tls_change() {
    return tls_record(kTlsChange, hex("01"));
}

// So many bytes, which look as if they were encrypted.
[[nodiscard]] inline Bytes tls_encrypted(std::uint8_t type, std::size_t bytes) {
    return tls_record(type, Bytes(bytes, std::byte{0xC7}));
}

[[nodiscard]] inline Bytes tls_fatal_alert() {
    return tls_record(kTlsAlert, hex("02 28"));  // handshake_failure
}

// How records travel.
struct TlsSegment {
    Bytes payload = {};
    std::uint32_t sequence = 1000;
    std::uint32_t acknowledgement = 9000;
    bool from_server = false;
    std::uint16_t client_port = 40000;
    std::uint8_t flags = 0x18;  // PSH, ACK
};

[[nodiscard]] inline Bytes tls_frame(const TlsSegment& segment) {
    const std::string_view client = "192.0.2.1", server = "192.0.2.80";
    const std::uint16_t port = segment.client_port;
    const TcpHeader header{
        .flags = segment.flags, .sequence = segment.sequence, .acknowledgement = segment.acknowledgement};
    PacketBuilder packet;
    packet.ethernet();
    if (segment.from_server)
        packet.ipv4(server, client).tcp(443, port, header);
    else
        packet.ipv4(client, server).tcp(port, 443, header);
    return packet.payload(segment.payload).build();
}

// A datagram of QUIC between the same ends.
[[nodiscard]] inline Bytes quic_frame(bool from_server, const Bytes& payload,
                                      std::uint16_t client_port = 40000) {
    const std::string_view client = "192.0.2.1", server = "192.0.2.80";
    PacketBuilder packet;
    packet.ethernet();
    if (from_server)
        packet.ipv4(server, client).udp(443, client_port);
    else
        packet.ipv4(client, server).udp(client_port, 443);
    return packet.payload(payload).build();
}

}  // namespace packetsentry::test
