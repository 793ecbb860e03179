#include "daemon/dissect/ppp.h"

#include "daemon/dissect/ipv4.h"
#include "daemon/dissect/ipv6.h"
#include "daemon/dissect/mpls.h"

namespace packetsentry::dissect {
namespace {

Layer dissect_control(Cursor& bytes, Walk& walk);

struct PppProtocol {
    std::uint16_t number;
    LayerDissector dissect;
    Protocol protocol = {};
};

constexpr PppProtocol control(std::uint16_t number, std::string_view word, std::string_view layers) {
    return {number, dissect_control, {.word = word, .detail = kDetailOnly, .layers = layers}};
}

constexpr std::array kProtocols{
    PppProtocol{0x0021, dissect_ipv4},
    PppProtocol{0x0057, dissect_ipv6},
    PppProtocol{0x0281, dissect_mpls},
    control(0xC021, "LCP", "lcp"),
    control(0x8021, "IPCP", "ipcp"),
    control(0x8057, "IPV6CP", "ipv6cp"),
    control(0x80FD, "CCP", "ccp"),
    control(0x8053, "ECP", "ecp"),
    control(0x8281, "MPLSCP", "mplscp"),
    PppProtocol{0xC023, nullptr, {.word = "PAP", .layers = "pap"}},
    PppProtocol{0xC223, nullptr, {.word = "CHAP", .layers = "chap"}},
    PppProtocol{0xC227, nullptr, {.word = "EAP", .layers = "eap"}},
};

constexpr Protocol kPpp{.word = "PPP", .detail = kDetailOnly};

constexpr std::size_t kControlSize = 4;

constexpr std::array<std::string_view, 12> kCodes{
    "Vendor-Specific",  "Configure-Request", "Configure-Ack", "Configure-Nak",
    "Configure-Reject", "Terminate-Request", "Terminate-Ack", "Code-Reject",
    "Protocol-Reject",  "Echo-Request",      "Echo-Reply",    "Discard-Request",
};

Layer dissect_control(Cursor& bytes, Walk& walk) {
    const std::uint8_t code = bytes.u8();
    const std::uint8_t identifier = bytes.u8();
    const std::uint16_t length = bytes.u16();
    walk.check(bytes);
    if (bytes.failed()) return {};
    if (length < kControlSize) walk.stop_keeping();
    walk.header_ends(bytes);
    walk.out.malformed |= length < kControlSize;
    walk.narrow(bytes, length < kControlSize ? 0 : length - kControlSize);
    walk.detail(code < kCodes.size() ? kCodes[code] : "Code", " id ", std::uint64_t{identifier});
    return {};
}

// One byte where it is odd: protocol field compression, RFC 1661 section 6.5.
std::uint16_t read_protocol(Cursor& bytes) {
    const bool compressed = (bytes.peek() & 1) != 0;
    return compressed ? bytes.u8() : bytes.u16();
}

// The lower byte of a protocol number is odd, the upper one even: RFC 1661 section 2.
bool is_protocol(std::uint16_t number) {
    return (number & 0x0101) == 1;
}

}  // namespace

Layer dissect_ppp(Cursor& bytes, Walk& walk) {
    if (bytes.peek(0) == 0xFF && bytes.peek(1) == 0x03) bytes.skip(2);
    const std::uint16_t number = read_protocol(bytes);
    walk.check(bytes);
    walk.understood(kPpp, LayerName::ppp);
    if (!is_protocol(number)) walk.stop_keeping();
    walk.header_ends(bytes);
    if (bytes.failed()) return {};
    for (const PppProtocol& row : kProtocols) {
        if (row.number != number) continue;
        if (!row.protocol.word.empty()) walk.understood(row.protocol, LayerName::by_protocol);
        return {row.dissect};
    }
    walk.detail("protocol ", Hex{number});
    return {};
}

}  // namespace packetsentry::dissect
