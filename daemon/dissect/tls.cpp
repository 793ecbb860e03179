// TLS records (RFC 8446 section 5.1, RFC 5246 section 6.2), on any port by their shape, and the hellos
// in them. A segment that begins in the middle of a record is plain TCP.
#include <algorithm>
#include <array>

#include "daemon/dissect/application_protocols.h"
#include "daemon/dissect/number_word.h"

namespace packetsentry::dissect {
namespace {

constexpr FieldName kMessage{"packetsentry.tls.message"};
constexpr FieldName kServerName{"tls.client.server_name"};
constexpr FieldName kVersion{"tls.version"};  // the server's choice
constexpr FieldName kSupportedVersions{"packetsentry.tls.supported_versions", FieldKind::text, true};

constexpr const FieldName* kDetail[] = {&kMessage, &kServerName, &kSupportedVersions, &kVersion};
constexpr Protocol kTls{"TLS", "tls", true, kDetail};

constexpr std::size_t kRecordHeaderBytes = 5, kMessageHeaderBytes = 4;
constexpr std::size_t kEncryptedBytes = 17;  // a record that is encrypted has at least these
constexpr std::size_t kRecordLimit = 16384 + 2048;
constexpr std::size_t kHelloLimit = 131072;  // bytes; a hello's length beyond it is not one

enum Content : std::uint8_t { kChangeCipherSpec = 20, kAlert = 21, kHandshake = 22, kApplicationData = 23 };
enum Handshake : std::uint8_t { kClientHello = 1, kServerHello = 2 };
enum Extension : std::uint16_t { kServerNames = 0, kVersions = 43 };

// The messages that are sent in the clear; those of the IANA registry that never are stay out.
constexpr NumberWord kHandshakeWords[] = {
    {0, "Hello Request"},        {1, "Client Hello"},       {2, "Server Hello"},
    {4, "New Session Ticket"},   {11, "Certificate"},       {12, "Server Key Exchange"},
    {13, "Certificate Request"}, {14, "Server Hello Done"}, {15, "Certificate Verify"},
    {16, "Client Key Exchange"}, {22, "Certificate Status"}};

constexpr std::string_view kEncryptedHandshake = "Handshake";

// type (1) | version (2) | length (2)
struct Record {
    std::uint8_t type;
    std::uint16_t version;
    std::size_t size;

    explicit Record(Cursor& at) : type(at.u8()), version(at.u16()), size(at.u16()) {}

    [[nodiscard]] bool good() const {
        return type >= kChangeCipherSpec && type <= kApplicationData && version >> 8 == 3 &&
               (version & 0xFF) <= 4 && size > 0 && size <= kRecordLimit;
    }
};

// What comes behind the first record must look like another one, as far as it is there.
bool next_fits(Cursor next) {
    if (next.empty()) return true;
    if (next.peek() < kChangeCipherSpec || next.peek() > kApplicationData) return false;
    return !next.has(kRecordHeaderBytes) || Record(next).good();
}

std::string_view version_word(std::uint16_t version) {
    constexpr std::array<std::string_view, 5> kWords = {"3.0", "1.0", "1.1", "1.2", "1.3"};  // the first: SSL
    return version >> 8 == 3 && (version & 0xFF) < kWords.size() ? kWords[version & 0xFF]
                                                                 : std::string_view();
}

void add_version(const FieldName& name, std::uint16_t version, Dissection& out) {
    if (const auto word = version_word(version); !word.empty()) out.add(name, word);
}

// A vector: its length in bytes, then its bytes.
Cursor vector(Cursor& at, std::size_t size) {
    return at.failed() ? at.rest() : at.sub(size);
}
Cursor vector8(Cursor& at) {
    return vector(at, at.u8());
}
Cursor vector16(Cursor& at) {
    return vector(at, at.u16());
}

// RFC 6066 section 3: a list of type (1), length (2), name; the only type is 0, a host.
void read_server_names(Cursor extension, Dissection& out) {
    Cursor list = vector16(extension);
    const std::uint8_t type = list.u8();
    const Cursor name = vector16(list);
    if (list.malformed() || extension.malformed()) out.malformed = true;
    if (!list.failed() && type == 0 && !name.empty()) out.add(kServerName, name.left_text());
}

// RFC 8446 section 4.2.1. Reserved values (RFC 8701) have no word and are left out.
void read_supported_versions(Cursor extension, Dissection& out) {
    Cursor list = vector8(extension);
    if (extension.malformed()) out.malformed = true;
    while (list.has(2)) add_version(kSupportedVersions, list.u16(), out);
}

// Calls visit(type, body) for each extension: type (2), length (2), body.
template <typename Visit>
void each_extension(Cursor& hello, Dissection& out, Visit visit) {
    if (hello.remaining_on_wire() == 0) return;  // there may be none at all
    Cursor extensions = vector16(hello);
    while (!extensions.empty()) {
        const std::uint16_t type = extensions.u16();
        const Cursor body = vector16(extensions);
        if (extensions.malformed() || (extensions.failed() && body.empty())) break;
        visit(type, body);
    }
    if (extensions.malformed()) out.malformed = true;
}

// version (2) | random (32) | session ID (1+) | cipher suites (2+) | compressions (1+) | extensions (2+)
void read_client_hello(Cursor hello, Dissection& out) {
    const std::uint16_t version = hello.u16();
    hello.skip(32);
    hello.skip(hello.u8());
    hello.skip(hello.u16());
    hello.skip(hello.u8());
    bool told = false;
    if (!hello.failed())
        each_extension(hello, out, [&](std::uint16_t type, Cursor body) {
            if (type == kServerNames) read_server_names(body, out);
            if (type == kVersions) read_supported_versions(body, out), told = true;
        });
    if (!told && !hello.failed()) add_version(kSupportedVersions, version, out);
    if (hello.malformed()) out.malformed = true;
}

// version (2) | random (32) | session ID (1+) | cipher suite (2) | compression (1) | extensions (2+)
void read_server_hello(Cursor hello, Dissection& out) {
    std::uint16_t version = hello.u16();
    hello.skip(32);
    hello.skip(hello.u8());
    hello.skip(3);
    if (!hello.failed())
        each_extension(hello, out, [&](std::uint16_t type, Cursor body) {
            if (type == kVersions) version = body.u16();
        });
    if (!hello.failed()) add_version(kVersion, version, out);
    if (hello.malformed()) out.malformed = true;
}

// The message that begins a handshake record: type (1), length (3), body. Empty where it is encrypted. A
// hello may go on in another segment or record.
std::string_view handshake_word(Cursor message, std::size_t record_size) {
    const std::uint8_t type = message.u8();
    const std::size_t size = message.u24();
    if (message.failed()) return {};
    const bool hello = (type == kClientHello || type == kServerHello) && message.peek() == 3;
    const bool fits = kMessageHeaderBytes + size <= record_size || (hello && size <= kHelloLimit);
    return fits ? word_of(kHandshakeWords, type) : std::string_view();
}

void read_handshake(Cursor message, Dissection& out) {
    const std::uint8_t type = message.u8();
    const std::size_t size = message.u24();
    const std::size_t here = std::min(size, message.remaining());
    const Cursor body = Cursor::of_frame(message.left().first(here), size);
    if (type == kClientHello) read_client_hello(body, out);
    if (type == kServerHello) read_server_hello(body, out);
}

// What the record carries; empty: it cannot be one. An alert in the clear is a level and a description.
std::string_view message_word(const Record& record, Cursor body) {
    const bool encrypted = record.size >= kEncryptedBytes;
    switch (record.type) {
        case kChangeCipherSpec:
            return record.size == 1 && body.peek() <= 1 ? "Change Cipher Spec" : "";
        case kAlert:
            return encrypted || (record.size == 2 && body.peek() <= 2) ? "Alert" : "";
        case kHandshake:
            if (const auto word = handshake_word(body, record.size); !word.empty()) return word;
            return encrypted ? kEncryptedHandshake : "";
        default:
            return "Application Data";
    }
}

}  // namespace

bool dissect_tls(Cursor payload, Dissection& out) {
    const Record record(payload);
    if (payload.failed() || !record.good()) return false;
    const std::size_t here = std::min(record.size, payload.remaining());
    const Cursor body = Cursor::of_frame(payload.left().first(here), record.size);
    payload.skip(here);
    const std::string_view word = message_word(record, body);
    if (word.empty() || !next_fits(payload)) return false;
    out.protocol = &kTls;
    out.add(kMessage, word);
    if (record.type == kHandshake && word != kEncryptedHandshake) read_handshake(body, out);
    return true;
}

}  // namespace packetsentry::dissect
