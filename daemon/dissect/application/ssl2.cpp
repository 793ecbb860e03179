// The hellos of SSL 2, and the hello of that form with which a client may offer SSL 3 and TLS (RFC 5246
// appendix E.2), on any port by their shape: their five lengths agree. What follows them is encrypted, or
// looks like anything.
#include "daemon/dissect/application/application_protocols.h"
#include "daemon/dissect/application/tls_hello.h"

namespace packetsentry::dissect {
namespace {

constexpr std::uint8_t kNoPadding = 0x80;  // the top bit of the record's length
constexpr std::uint8_t kClientHello = 1, kServerHello = 4;
constexpr std::size_t kClientHelloBytes = 9, kServerHelloBytes = 11;  // before what has a length of its own
constexpr std::size_t kCipherBytes = 3;
constexpr std::size_t kSessionIdBytes = 16;
constexpr std::uint8_t kLastCertificateType = 1;

// A challenge, and the identifier of a connection.
bool is_random(std::size_t size) {
    return size >= 16 && size <= 32;
}

bool is_version(std::uint16_t version) {
    return version == kSsl2 || version >> 8 == kSsl3 >> 8;
}

void tell(std::string_view word, const FieldInfo& name, std::uint16_t version, Dissection& out) {
    out.protocol = &kTls;
    out.add(kTlsMessage, word);
    add_tls_version(name, version, out);
    add_tls_version_protocol(version, out);
}

// type (1) | version (2) | cipher specs, session ID, challenge: a length (2) each, then the bytes of each
bool dissect_client_hello(std::size_t size, Cursor message, Dissection& out) {
    const std::uint16_t version = message.u16();
    const std::size_t ciphers = message.u16(), session = message.u16(), challenge = message.u16();
    if (message.failed() || !is_version(version) || ciphers == 0 || ciphers % kCipherBytes != 0 ||
        (session != 0 && session != kSessionIdBytes) || !is_random(challenge) ||
        kClientHelloBytes + ciphers + session + challenge != size)
        return false;
    tell("Client Hello", kTlsSupportedVersions, version, out);
    return true;
}

// type (1) | session known (1) | certificate's type (1) | version (2) | certificate, cipher specs, identifier
// of the connection: a length (2) each, then the bytes of each
bool dissect_server_hello(std::size_t size, Cursor message, Dissection& out) {
    const std::uint8_t known = message.u8(), certificate_type = message.u8();
    const std::uint16_t version = message.u16();
    const std::size_t certificate = message.u16(), ciphers = message.u16(), connection = message.u16();
    if (message.failed() || known > 1 || certificate_type > kLastCertificateType || version != kSsl2 ||
        ciphers % kCipherBytes != 0 || !is_random(connection) ||
        kServerHelloBytes + certificate + ciphers + connection != size)
        return false;
    tell("Server Hello", kTlsVersion, version, out);
    return true;
}

}  // namespace

bool dissect_ssl2(Cursor payload, Dissection& out) {
    if ((payload.peek() & kNoPadding) == 0) return false;
    const std::size_t size = payload.u16() & 0x7FFFU;
    switch (payload.u8()) {
        case kClientHello:
            return dissect_client_hello(size, payload, out);
        case kServerHello:
            return dissect_server_hello(size, payload, out);
        default:
            return false;
    }
}

}  // namespace packetsentry::dissect
