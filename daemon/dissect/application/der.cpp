#include "daemon/dissect/application/der.h"

#include <algorithm>
#include <limits>

namespace packetsentry::dissect {
namespace {

constexpr std::uint8_t kTagNumber = 0x1F;   // these bits; all of them set: the number follows
constexpr std::uint8_t kLongLength = 0x80;  // the other bits say how many octets the length has
constexpr std::uint8_t kLengthOctetsLimit = 4;
constexpr std::uint8_t kMoreOctets = 0x80;   // the number goes on in the next octet
constexpr int kNumberBits = 7;               // of a number in each of its octets
constexpr std::uint64_t kFirstNumbers = 40;  // values of the second number behind a first one of 0 or 1
constexpr std::uint64_t kLargestFirstNumber = 2;

// X.690 section 8.1.3. DER has the shortest form only, but BER has zeros before a length, and LDAP uses them.
std::size_t read_length(Cursor& at) {
    const std::uint8_t first = at.u8();
    if (first < kLongLength) return first;
    const std::uint8_t octets = first & static_cast<std::uint8_t>(~kLongLength);
    if (octets == 0 || octets > kLengthOctetsLimit) {
        at.fail();
        return 0;
    }
    std::size_t length = 0;
    for (std::uint8_t i = 0; i < octets; ++i) length = length << 8 | at.u8();
    return length;
}

// A number of an object identifier, the most significant bits first.
struct Number {
    std::uint64_t value = 0;
    bool fits = true;

    explicit Number(Cursor& at) {
        std::uint8_t octet = kMoreOctets;
        while ((octet & kMoreOctets) != 0 && !at.failed()) {
            octet = at.u8();
            fits = fits && value <= std::numeric_limits<std::uint64_t>::max() >> kNumberBits;
            value = value << kNumberBits | (octet & static_cast<std::uint8_t>(~kMoreOctets));
        }
    }
};

}  // namespace

DerElement read_der(Cursor& at) {
    const std::span<const std::byte> from = at.left();
    const std::size_t began = at.position();
    const std::uint8_t tag = at.u8();
    if (tag == 0 || (tag & kTagNumber) == kTagNumber) at.fail();
    const std::size_t length = read_length(at);
    if (at.failed()) return {};
    const std::size_t header = at.position() - began;
    const Cursor content = at.sub(length);
    return {tag, content, from.first(header + content.remaining())};
}

Cursor read_der(Cursor& at, std::uint8_t tag) {
    const DerElement element = read_der(at);
    if (element.tag == tag) return element.content;
    at.fail();
    return {};
}

bool put_der_identifier(Cursor identifier, Dissection& out) {
    Number number(identifier);
    const std::uint64_t first = std::min(number.value / kFirstNumbers, kLargestFirstNumber);
    out.put_number(first);
    number.value -= first * kFirstNumbers;
    bool fits = number.fits;
    while (true) {
        out.put('.');
        out.put_number(number.value);
        if (identifier.empty()) break;
        number = Number(identifier);
        fits = fits && number.fits;
    }
    if (identifier.malformed()) out.malformed = true;
    if (!fits) out.incomplete = true;
    return fits && !identifier.failed();
}

}  // namespace packetsentry::dissect
