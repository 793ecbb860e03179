#include "daemon/dissect/application/certificate.h"

#include <nettle/sha2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <limits>
#include <optional>

#include "daemon/dissect/application/der.h"
#include "daemon/dissect/application/distinguished_name.h"
#include "daemon/dissect/application/encoded_bytes.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kSubject = field("tls.server.subject");
constexpr const FieldInfo& kIssuer = field("tls.server.issuer");
constexpr const FieldInfo& kNotBefore = field("tls.server.not_before");
constexpr const FieldInfo& kNotAfter = field("tls.server.not_after");
constexpr const FieldInfo& kAlternativeNames = field("tls.server.x509.alternative_names");
constexpr const FieldInfo& kSerialNumber = field("tls.server.x509.serial_number");
constexpr const FieldInfo& kHash = field("tls.server.hash.sha256");

constexpr std::size_t kSerialBytesLimit = 64;  // RFC 5280 section 4.1.2.2 has 20
constexpr int kAlternativeNameLimit = 256;
constexpr std::string_view kSubjectAltName = "\x55\x1D\x11";  // 2.5.29.17

// Tags of TBSCertificate, RFC 5280 section 4.1.
constexpr std::uint8_t kCertificateVersion = der_constructed(0), kIssuerUniqueId = der_primitive(1),
                       kSubjectUniqueId = der_primitive(2), kExtensions = der_constructed(3);

// Tags of GeneralName, RFC 5280 section 4.2.1.6.
constexpr std::uint8_t kMailName = der_primitive(1), kDnsName = der_primitive(2), kUri = der_primitive(6),
                       kIpAddress = der_primitive(7);

constexpr std::size_t kIpv4Bytes = 4, kIpv6Bytes = 16;

// Those parts of a certificate of which something is told.
struct Parts {
    Cursor serial, issuer, validity, subject;
    Cursor behind_subject;
    Cursor behind_signed;
};

// Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue }; tbsCertificate ::=
// SEQUENCE { version [0], serialNumber, signature, issuer, validity, subject and more }. false: it is none,
// but for example a request for one, which looks much like it.
bool split(Cursor& certificate, Parts& parts) {
    Cursor at = read_der(certificate, kDerSequence);
    Cursor body = read_der(at, kDerSequence);
    if (der_follows(body, kCertificateVersion)) (void)read_der(body);
    parts.serial = read_der(body, kDerInteger);
    Cursor algorithm = read_der(body, kDerSequence);
    (void)read_der(algorithm, kDerObjectIdentifier);
    parts.issuer = read_der(body, kDerSequence);
    parts.validity = read_der(body, kDerSequence);
    parts.subject = read_der(body, kDerSequence);
    parts.behind_subject = body;
    parts.behind_signed = at;
    return !certificate.failed() && !at.failed() && !body.failed() && !algorithm.failed();
}

unsigned read_digits(std::string_view digits) {
    unsigned number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

// A year of two digits is one from 1950 to 2049 (RFC 5280 section 4.1.2.5.1).
std::chrono::year read_year(std::string_view digits) {
    constexpr int kCentury = 1900, kYears = 100, kFirst = 50;
    const int number = static_cast<int>(read_digits(digits));
    if (digits.size() != 2) return std::chrono::year(number);
    return std::chrono::year(kCentury + number + (number < kFirst ? kYears : 0));
}

bool are_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "YYMMDDHHMMSSZ" or "YYYYMMDDHHMMSSZ": RFC 5280 section 4.1.2.5 allows nothing else. None where it is no
// time.
std::optional<std::chrono::sys_seconds> read_time(const DerElement& time) {
    constexpr std::size_t kDayDigits = 4, kSecondDigits = 6;
    if (time.tag != kDerUtcTime && time.tag != kDerGeneralizedTime) return std::nullopt;
    const std::size_t year_digits = time.tag == kDerUtcTime ? 2 : 4;
    std::string_view text = time.content.left_text();
    if (text.size() != year_digits + kDayDigits + kSecondDigits + 1 || text.back() != 'Z')
        return std::nullopt;
    text.remove_suffix(1);
    if (!are_digits(text)) return std::nullopt;
    const auto year = read_year(text.substr(0, year_digits));
    text.remove_prefix(year_digits);
    const auto two_digits = [text](std::size_t at) { return read_digits(text.substr(at, 2)); };
    const std::chrono::year_month_day day(year, std::chrono::month(two_digits(0)),
                                          std::chrono::day(two_digits(2)));
    const std::chrono::hours hours(two_digits(4));
    const std::chrono::minutes minutes(two_digits(6));
    const std::chrono::seconds seconds(two_digits(8));
    if (!day.ok() || hours >= std::chrono::days(1) || minutes >= std::chrono::hours(1) ||
        seconds >= std::chrono::minutes(1))
        return std::nullopt;
    return std::chrono::sys_days(day) + hours + minutes + seconds;
}

// A time that int64 nanoseconds cannot say is left out. Most of these are the last second of the year 9999,
// which says that there is no end (RFC 5280 section 4.1.2.5), so that the certificate is not incomplete
// without it.
void add_time(const FieldInfo& info, const DerElement& element, Dissection& out) {
    constexpr std::chrono::nanoseconds kLargest(std::numeric_limits<std::int64_t>::max());
    constexpr auto kLast = std::chrono::floor<std::chrono::seconds>(kLargest);
    const auto time = read_time(element);
    if (!time) {
        out.malformed = true;
        return;
    }
    const std::chrono::seconds since_1970 = time->time_since_epoch();
    if (since_1970 > kLast || since_1970 < -kLast) return;
    out.add(info, static_cast<std::uint64_t>(std::chrono::nanoseconds(since_1970).count()));
}

// Validity ::= SEQUENCE { notBefore Time, notAfter Time }
void add_validity(Cursor validity, Dissection& out) {
    for (const FieldInfo* const info : {&kNotBefore, &kNotAfter}) {
        const DerElement time = read_der(validity);
        if (!validity.failed()) add_time(*info, time, out);
    }
    if (validity.failed() || !validity.empty()) out.malformed = true;
}

// A text that has used up the room may be cut, and half a value would be another value.
void add_composed(const FieldInfo& info, std::size_t begin, Dissection& out) {
    if (out.begin_text() == Dissection::kTextLimit)
        out.incomplete = true;
    else
        out.add(info, out.text_since(begin));
}

// A certificate whose names are all alternative names has an empty subject (RFC 5280 section 4.1.2.6).
void add_name(const FieldInfo& info, const Cursor& name, Dissection& out) {
    const std::size_t begin = out.begin_text();
    if (!name.empty() && put_distinguished_name(name, out)) add_composed(info, begin, out);
}

bool is_zero(std::byte byte) {
    return byte == std::byte{0};
}

// What is left when zeros in front are removed, of which the last byte is none.
std::span<const std::byte> without_zeros(std::span<const std::byte> number) {
    while (number.size() > 1 && is_zero(number.front())) number = number.subspan(1);
    return number;
}

// Two's complement: all bits are turned over, and one is added.
void negate(std::span<std::byte> number) {
    bool carries = true;
    for (std::size_t i = number.size(); i > 0; --i) {
        std::byte& byte = number[i - 1];
        byte = ~byte;
        if (carries) byte = static_cast<std::byte>(std::to_integer<unsigned>(byte) + 1);
        carries = carries && is_zero(byte);
    }
}

// A number in two's complement (X.690 section 8.3). RFC 5280 has no negative numbers, but certificates have
// them; OpenSSL and Zeek write them as here.
void add_serial_number(const Cursor& serial, Dissection& out) {
    constexpr std::byte kSign{0x80};
    const std::span<const std::byte> bytes = serial.left();
    if (bytes.empty()) out.malformed = true;
    if (bytes.size() > kSerialBytesLimit) out.incomplete = true;
    if (bytes.empty() || bytes.size() > kSerialBytesLimit) return;
    const bool negative = (bytes.front() & kSign) != std::byte{0};
    std::array<std::byte, kSerialBytesLimit> room{};
    const std::span<std::byte> number = std::span(room).first(bytes.size());
    std::ranges::copy(bytes, number.begin());
    if (negative) negate(number);
    const std::size_t begin = out.begin_text();
    if (negative) out.put('-');
    put_upper_hex_bytes(without_zeros(number), out);
    add_composed(kSerialNumber, begin, out);
}

void add_hash(std::span<const std::byte> certificate, Dissection& out) {
    std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
    sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, certificate.size(), reinterpret_cast<const std::uint8_t*>(certificate.data()));
    sha256_digest(&context, digest.size(), digest.data());
    const std::size_t begin = out.begin_text();
    put_upper_hex_bytes(std::as_bytes(std::span(digest)), out);
    add_composed(kHash, begin, out);
}

void add_address(std::span<const std::byte> bytes, Dissection& out) {
    if (bytes.size() != kIpv4Bytes && bytes.size() != kIpv6Bytes) {
        out.malformed = true;
        return;
    }
    const std::size_t begin = out.begin_text();
    out.put_address(base::Address::from(bytes));
    add_composed(kAlternativeNames, begin, out);
}

// false: it is a kind that is not told.
bool add_alternative_name(const DerElement& name, Dissection& out) {
    switch (name.tag) {
        case kMailName:
        case kDnsName:
        case kUri:
            if (!name.content.empty()) out.add(kAlternativeNames, name.content.left_text());
            return true;
        case kIpAddress:
            add_address(name.content.left(), out);
            return true;
        default:
            return false;
    }
}

// SubjectAltName ::= SEQUENCE OF GeneralName, RFC 5280 section 4.2.1.6.
void add_alternative_names(Cursor value, Dissection& out) {
    Cursor names = read_der(value, kDerSequence);
    int count = 0;
    while (!names.empty() && count < kAlternativeNameLimit)
        if (const DerElement name = read_der(names); !names.failed() && add_alternative_name(name, out))
            ++count;
    if (!names.empty()) out.incomplete = true;
    if (value.failed() || !value.empty() || names.failed()) out.malformed = true;
}

// Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }. Returns the
// names' value; empty where it is another extension.
Cursor alternative_names_in(Cursor& extension) {
    const Cursor type = read_der(extension, kDerObjectIdentifier);
    if (type.left_text() != kSubjectAltName) return {};
    if (der_follows(extension, kDerBoolean)) (void)read_der(extension);
    return read_der(extension, kDerOctetString);
}

// The key, two numbers that nobody uses any more, and the extensions. A certificate has each extension once
// (RFC 5280 section 4.2).
void read_extensions(Cursor at, Dissection& out) {
    (void)read_der(at, kDerSequence);
    if (der_follows(at, kIssuerUniqueId)) (void)read_der(at);
    if (der_follows(at, kSubjectUniqueId)) (void)read_der(at);
    if (at.failed()) out.malformed = true;
    if (at.empty()) return;
    Cursor outer = read_der(at, kExtensions);
    Cursor list = read_der(outer, kDerSequence);
    bool found = false;
    while (!found && !list.empty()) {
        Cursor extension = read_der(list, kDerSequence);
        const Cursor names = alternative_names_in(extension);
        found = !names.empty();
        if (found) add_alternative_names(names, out);
        if (extension.failed() || (found && !extension.empty())) out.malformed = true;
    }
    if (at.failed() || !at.empty() || outer.failed() || !outer.empty() || list.failed()) out.malformed = true;
}

// The signature is not read, but it is there.
void check_signature(Cursor at, Dissection& out) {
    (void)read_der(at, kDerSequence);
    (void)read_der(at, kDerBitString);
    if (at.failed() || !at.empty()) out.malformed = true;
}

}  // namespace

bool read_server_certificate(std::span<const std::byte> certificate, Dissection& out) {
    Parts parts;
    Cursor at(certificate);
    if (!split(at, parts)) return false;
    if (!at.empty()) out.malformed = true;
    add_name(kSubject, parts.subject, out);
    add_name(kIssuer, parts.issuer, out);
    add_validity(parts.validity, out);
    read_extensions(parts.behind_subject, out);
    add_serial_number(parts.serial, out);
    add_hash(certificate, out);
    check_signature(parts.behind_signed, out);
    return true;
}

}  // namespace packetsentry::dissect
