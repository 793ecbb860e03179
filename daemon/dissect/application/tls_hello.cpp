#include "daemon/dissect/application/tls_hello.h"

#include <algorithm>
#include <array>

namespace packetsentry::dissect {
namespace {

enum Extension : std::uint16_t { kServerNames = 0, kVersions = 43 };

constexpr std::uint8_t kDraft = 0x7F, kDraftOfFacebook = 0xFB;  // the upper byte; the lower one is the number
// Up to this draft a hello of the server had neither session ID nor compression.
constexpr std::uint8_t kLastShortHello = 21;

bool is_draft(std::uint16_t version) {
    return version >> 8 == kDraft || version >> 8 == kDraftOfFacebook;
}

std::uint8_t draft_number(std::uint16_t version) {
    return static_cast<std::uint8_t>(version & 0xFF);
}

std::string_view version_word(std::uint16_t version) {
    constexpr std::array<std::string_view, 5> kWords = {"3.0", "1.0", "1.1", "1.2", "1.3"};  // the first: SSL
    if (version == kSsl2) return "2.0";
    if (is_draft(version)) return "1.3";
    return version >> 8 == 3 && (version & 0xFF) < kWords.size() ? kWords[version & 0xFF]
                                                                 : std::string_view();
}

// In the order in which versions follow each other: a draft comes before what it became.
std::uint16_t rank(std::uint16_t version) {
    return is_draft(version) ? std::uint16_t{kTls13} : version;
}

std::uint16_t higher(std::uint16_t a, std::uint16_t b) {
    return version_word(b).empty() || rank(b) <= rank(a) ? a : b;
}

// Puts text before the draft's number.
std::string_view draft_text(std::string_view before, std::uint16_t version, Dissection& out) {
    const std::size_t begin = out.begin_text();
    out.put(before);
    out.put_number(draft_number(version));
    return out.text_since(begin);
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
    if (!list.failed() && type == 0 && !name.empty()) out.add(kTlsServerName, name.left_text());
}

// RFC 8446 section 4.2.1. Reserved values (RFC 8701) have no word and are left out.
std::uint16_t read_supported_versions(Cursor extension, Dissection& out) {
    Cursor list = vector8(extension);
    if (extension.malformed()) out.malformed = true;
    std::uint16_t highest = 0;
    while (list.has(2)) {
        const std::uint16_t version = list.u16();
        add_tls_version(kTlsSupportedVersions, version, out);
        highest = higher(highest, version);
    }
    return highest;
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

// What stands between the random number of a server's hello and its extensions.
void skip_choices(std::uint16_t version, Cursor& hello) {
    const bool is_short = version >> 8 == kDraft && draft_number(version) <= kLastShortHello;
    if (!is_short) hello.skip(hello.u8());
    hello.skip(is_short ? 2 : 3);
}

}  // namespace

void add_tls_version(const FieldInfo& name, std::uint16_t version, Dissection& out) {
    const auto word = version_word(version);
    if (word.empty()) return;
    if (!is_draft(version)) return out.add(name, word);
    if (&name == &kTlsSupportedVersions) return out.add(name, draft_text("1.3-draft-", version, out));
    out.add(name, word);
    out.add(kTlsDraft, draft_text("draft-", version, out));
}

void add_tls_version_protocol(std::uint16_t version, Dissection& out) {
    out.add(kTlsVersionProtocol, version <= kSsl3 ? "ssl" : "tls");
}

// version (2) | random (32) | session ID (1+) | cipher suites (2+) | compressions (1+) | extensions (2+)
std::uint16_t read_client_hello(Cursor hello, Dissection& out) {
    const std::uint16_t version = hello.u16();
    hello.skip(32);
    hello.skip(hello.u8());
    hello.skip(hello.u16());
    hello.skip(hello.u8());
    bool told = false;
    std::uint16_t highest = version;
    if (!hello.failed())
        each_extension(hello, out, [&](std::uint16_t type, Cursor body) {
            if (type == kServerNames) read_server_names(body, out);
            if (type != kVersions) return;
            highest = higher(highest, read_supported_versions(body, out));
            told = true;
        });
    if (!told && !hello.failed()) add_tls_version(kTlsSupportedVersions, version, out);
    if (hello.malformed()) out.malformed = true;
    return highest;
}

// version (2) | random (32) | session ID (1+) | cipher suite (2) | compression (1) | extensions (2+)
std::uint16_t read_server_hello(Cursor hello, Dissection& out) {
    std::uint16_t version = hello.u16();
    hello.skip(32);
    skip_choices(version, hello);
    if (!hello.failed())
        each_extension(hello, out, [&](std::uint16_t type, Cursor body) {
            if (type == kVersions) version = body.u16();
        });
    if (!hello.failed()) add_tls_version(kTlsVersion, version, out);
    if (hello.malformed()) out.malformed = true;
    return version;
}

}  // namespace packetsentry::dissect
