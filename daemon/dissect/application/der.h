// Elements of DER, and of BER as far as their lengths are definite (ITU-T X.690 section 8.1): a tag, a length
// and a content, which may consist of elements itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "daemon/dissect/cursor.h"
#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

// Identifier octets (X.690 section 8.1.2) of the universal types (X.680 section 8.6).
enum DerTag : std::uint8_t {
    kDerBoolean = 0x01,
    kDerInteger = 0x02,
    kDerBitString = 0x03,
    kDerOctetString = 0x04,
    kDerObjectIdentifier = 0x06,
    kDerUtf8String = 0x0C,
    kDerNumericString = 0x12,
    kDerPrintableString = 0x13,
    kDerTeletexString = 0x14,
    kDerIa5String = 0x16,
    kDerUtcTime = 0x17,
    kDerGeneralizedTime = 0x18,
    kDerVisibleString = 0x1A,
    kDerUniversalString = 0x1C,
    kDerBmpString = 0x1E,
    kDerSequence = 0x30,
    kDerSet = 0x31,
};

// The octet of a tag that only means something where it stands ("[3]" in ASN.1), around a value and around
// elements.
[[nodiscard]] constexpr std::uint8_t der_primitive(unsigned number) {
    return static_cast<std::uint8_t>(0x80 | number);
}
[[nodiscard]] constexpr std::uint8_t der_constructed(unsigned number) {
    return static_cast<std::uint8_t>(0xA0 | number);
}

struct DerElement {
    std::uint8_t tag = 0;  // 0: there is no element
    Cursor content;
    std::span<const std::byte> bytes;  // with tag and length
};

// Takes the next element. Where there is none, at has failed: its length is indefinite or takes more than
// four octets, its tag takes more than one, or it does not fit. The content of one that is cut off is cut, as
// that of Cursor::sub().
[[nodiscard]] DerElement read_der(Cursor& at);

// Takes the next element, which has this tag, and returns its content. Otherwise at has failed.
[[nodiscard]] Cursor read_der(Cursor& at, std::uint8_t tag);

// Tells whether the next element has this tag, as one that may be left out.
[[nodiscard]] inline bool der_follows(const Cursor& at, std::uint8_t tag) {
    return at.peek() == tag;
}

// Puts the numbers of an object identifier (X.690 section 8.19) with dots between them. false: it is none,
// and out is malformed unless it is cut; or a number takes more than 64 bits, and out is incomplete.
[[nodiscard]] bool put_der_identifier(Cursor identifier, Dissection& out);

}  // namespace packetsentry::dissect
