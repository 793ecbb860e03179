#include "daemon/dissect/application/tls_hello.h"

#include <algorithm>
#include <array>
#include <optional>

#include "daemon/dissect/application/tls_ciphers.h"
#include "daemon/dissect/application/tls_groups.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kHandshakeVersion = field("packetsentry.tls.handshake_version");
constexpr const FieldInfo& kCipher = field("tls.cipher");
constexpr const FieldInfo& kCipherNumber = field("packetsentry.tls.cipher_number");
constexpr const FieldInfo& kClientProtocols = field("packetsentry.tls.client.alpn");
constexpr const FieldInfo& kNextProtocol = field("tls.next_protocol");
constexpr const FieldInfo& kGroup = field("tls.curve");
constexpr const FieldInfo& kEncryptedHello = field("packetsentry.tls.ech");

// IANA registry "TLS ExtensionType Values".
enum Extension : std::uint16_t {
    kServerNames = 0,
    kSignatureAlgorithms = 13,
    kApplicationProtocols = 16,
    kSessionTicket = 35,
    kOldKeyShare = 40,  // of drafts of TLS 1.3 up to 22; before that, something else had the number
    kPreSharedKey = 41,
    kVersions = 43,
    kKeyShare = 51,
    kEncryptedClientHello = 0xFE0D,
};

constexpr std::size_t kRandomBytes = 32;
// RFC 8446 section 4.1.3: a server says by it that its hello asks for another one of the client.
constexpr std::array<std::uint8_t, kRandomBytes> kRetryRandom = {
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C};

constexpr std::uint8_t kDraft = 0x7F, kDraftOfFacebook = 0xFB;  // the upper byte; the lower one is the number
// Up to this draft a hello of the server had neither session ID nor compression.
constexpr std::uint8_t kLastShortHello = 21;

bool is_hello_retry_random(std::span<const std::byte> random) {
    return std::ranges::equal(random, std::as_bytes(std::span(kRetryRandom)));
}

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

// RFC 7301 section 3.1. Returns the next name of the list.
std::string_view next_protocol(Cursor& list) {
    const Cursor name = vector8(list);
    return list.failed() ? std::string_view() : name.left_text();
}

// Calls visit(type, body) for each extension: type (2), length (2), body. Tells whether all of them are there
// and well-formed.
template <typename Visit>
bool each_extension(Cursor& hello, Dissection& out, Visit visit) {
    if (hello.remaining_on_wire() == 0) return true;  // there may be none at all
    Cursor extensions = vector16(hello);
    while (!extensions.empty()) {
        const std::uint16_t type = extensions.u16();
        const Cursor body = vector16(extensions);
        if (extensions.malformed() || (extensions.failed() && body.empty())) break;
        visit(type, body);
    }
    if (extensions.malformed()) out.malformed = true;
    return !hello.failed() && !extensions.failed();
}

// version (2) | random (32) | session ID (1+) | cipher suites (2+) | compressions (1+) | extensions (2+)
class ClientHello {
  public:
    ClientHello(const Cursor& hello, Ja4::Carrier carrier, Dissection& out)
        : hello_(hello), out_(out), ja4_(carrier) {}

    std::uint16_t read() {
        const std::uint16_t version = highest_ = hello_.u16();
        ja4_.set_hello_version(version);
        if (!hello_.failed()) out_.add(kHandshakeVersion, version);
        hello_.skip(kRandomBytes);
        const bool has_session = hello_.peek() != 0;
        hello_.skip(hello_.u8());
        read_ciphers(vector16(hello_));
        hello_.skip(hello_.u8());
        if (hello_.failed()) return finish();
        const bool whole =
            each_extension(hello_, out_, [this](std::uint16_t type, Cursor body) { visit(type, body); });
        if (!told_versions_ && !hello_.failed()) add_tls_version(kTlsSupportedVersions, version, out_);
        if (whole && has_session && offers_no_13()) out_.add(kTlsResumption, "session offered");
        if (whole) ja4_.tell(out_);
        return finish();
    }

  private:
    std::uint16_t finish() {
        if (hello_.malformed()) out_.malformed = true;
        return highest_;
    }

    // From TLS 1.3 on a session ID only looks as if a session were resumed (RFC 8446 appendix D.4).
    [[nodiscard]] bool offers_no_13() const { return rank(highest_) < kTls13; }

    void read_ciphers(Cursor list) {
        while (list.has(2)) ja4_.add_cipher(list.u16());
    }

    void visit(std::uint16_t type, const Cursor& body) {
        ja4_.add_extension(type);
        switch (type) {
            case kServerNames:
                return read_server_names(body, out_);
            case kVersions:
                return read_versions(body);
            case kApplicationProtocols:
                return read_protocols(body);
            case kSignatureAlgorithms:
                return read_signature_algorithms(body);
            case kSessionTicket:  // an empty one asks for a ticket (RFC 5077 section 3.2)
                if (body.remaining_on_wire() != 0) out_.add(kTlsResumption, "ticket offered");
                return;
            case kPreSharedKey:
                return out_.add(kTlsResumption, "psk offered");
            case kEncryptedClientHello:
                return read_encrypted_hello(body);
            default:
                return;
        }
    }

    // RFC 8446 section 4.2.1. Reserved values (RFC 8701) have no word and are left out.
    void read_versions(Cursor extension) {
        Cursor list = vector8(extension);
        if (extension.malformed()) out_.malformed = true;
        ja4_.has_offered_versions();
        told_versions_ = true;
        while (list.has(2)) {
            const std::uint16_t version = list.u16();
            add_tls_version(kTlsSupportedVersions, version, out_);
            highest_ = higher(highest_, version);
            ja4_.add_offered_version(version);
        }
    }

    void read_protocols(Cursor extension) {
        Cursor list = vector16(extension);
        bool first = true;
        while (!list.empty()) {
            const std::string_view protocol = next_protocol(list);
            if (list.failed()) break;
            if (first) ja4_.set_first_protocol(protocol);
            first = false;
            out_.add(kClientProtocols, protocol);
        }
        if (list.malformed() || extension.malformed()) out_.malformed = true;
    }

    // RFC 9849 section 5: what is on the wire is the outer hello. A client that cannot encrypt its hello
    // sends random bytes in this place, which nobody can tell from an encrypted one (section 6.2).
    void read_encrypted_hello(Cursor extension) {
        constexpr std::uint8_t kOuter = 0;
        const std::uint8_t type = extension.u8();
        if (extension.malformed()) out_.malformed = true;
        if (!extension.failed() && type == kOuter) out_.add(kEncryptedHello, "outer");
    }

    // RFC 8446 section 4.2.3.
    void read_signature_algorithms(Cursor extension) {
        Cursor list = vector16(extension);
        if (extension.malformed()) out_.malformed = true;
        while (list.has(2)) ja4_.add_signature_algorithm(list.u16());
    }

    Cursor hello_;
    Dissection& out_;
    Ja4 ja4_;
    std::uint16_t highest_ = 0;
    bool told_versions_ = false;
};

// version (2) | random (32) | session ID (1+) | cipher suite (2) | compression (1) | extensions (2+)
class ServerHello {
  public:
    ServerHello(const Cursor& hello, Dissection& out) : hello_(hello), out_(out) {}

    std::uint16_t read() {
        version_ = hello_.u16();
        if (!hello_.failed()) out_.add(kHandshakeVersion, version_);
        asks_again_ = is_hello_retry_random(hello_.take(kRandomBytes));
        if (asks_again_) out_.add(kTlsRetryRequest, 1);
        read_choices();
        if (!hello_.failed())
            each_extension(hello_, out_, [this](std::uint16_t type, Cursor body) { visit(type, body); });
        if (old_group_ && is_draft_of_13()) add_group(*old_group_);
        if (!hello_.failed()) add_tls_version(kTlsVersion, version_, out_);
        if (hello_.malformed()) out_.malformed = true;
        return version_;
    }

  private:
    // What stands between the random number and the extensions.
    void read_choices() {
        const bool is_short = version_ >> 8 == kDraft && draft_number(version_) <= kLastShortHello;
        if (!is_short) hello_.skip(hello_.u8());
        const std::uint16_t cipher = hello_.u16();
        if (!is_short) hello_.skip(1);
        if (hello_.failed()) return;
        if (const auto name = tls_cipher_name(cipher); !name.empty()) out_.add(kCipher, name);
        out_.add(kCipherNumber, cipher);
    }

    void visit(std::uint16_t type, Cursor body) {
        if (type == kVersions) read_version(body);
        if (type == kPreSharedKey) out_.add(kTlsResumption, "psk accepted");
        if (type == kApplicationProtocols) read_protocol(body);
        if (type == kKeyShare && !asks_again_) read_group(body);
        if (type == kOldKeyShare && !asks_again_ && body.has(2)) old_group_ = body.u16();
    }

    // Those who tried a draft out had versions of their own, too.
    [[nodiscard]] bool is_draft_of_13() const { return is_draft(version_) || version_word(version_).empty(); }

    void read_version(Cursor extension) {
        version_ = extension.u16();
        if (extension.malformed()) out_.malformed = true;
    }

    // RFC 8446 section 4.2.8. A hello that asks for another one has only the group that it wants there.
    void read_group(Cursor extension) {
        const std::uint16_t group = extension.u16();
        if (!extension.failed()) add_group(group);
        (void)vector16(extension);  // the key
        if (extension.malformed()) out_.malformed = true;
    }

    void add_group(std::uint16_t number) {
        if (const auto name = tls_group_name(number); !name.empty()) out_.add(kGroup, name);
    }

    void read_protocol(Cursor extension) {
        Cursor list = vector16(extension);
        const std::string_view protocol = next_protocol(list);
        if (list.malformed() || extension.malformed()) out_.malformed = true;
        if (!list.failed() && !protocol.empty()) out_.add(kNextProtocol, protocol);
    }

    Cursor hello_;
    Dissection& out_;
    std::uint16_t version_ = 0;
    bool asks_again_ = false;
    std::optional<std::uint16_t> old_group_ = {};
};

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

std::uint16_t read_client_hello(Cursor hello, Ja4::Carrier carrier, Dissection& out) {
    return ClientHello(hello, carrier, out).read();
}

std::uint16_t read_server_hello(Cursor hello, Dissection& out) {
    return ServerHello(hello, out).read();
}

bool is_hello_retry_request(Cursor hello) {
    hello.skip(2);  // the version
    return is_hello_retry_random(hello.take(kRandomBytes));
}

}  // namespace packetsentry::dissect
