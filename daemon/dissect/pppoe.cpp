#include "daemon/dissect/pppoe.h"

#include "daemon/dissect/ipv4.h"
#include "daemon/dissect/ipv6.h"
#include "daemon/dissect/ppp.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kPppoe{.word = "PPPoE", .detail = kDetailOnly};

constexpr std::uint8_t kSession = 0;  // the code of every session frame, RFC 2516 section 4
constexpr std::uint16_t kPppIpv4 = 0x0021, kPppIpv6 = 0x0057;

struct PppoeHeader {
    std::uint8_t code = 0;
    std::uint16_t session = 0;
    std::uint16_t length = 0;
    bool whole = false;
};

PppoeHeader read_header(Cursor& bytes) {
    PppoeHeader header;
    const std::uint8_t version_and_type = bytes.u8();
    header.code = bytes.u8();
    header.session = bytes.u16();
    header.length = bytes.u16();
    header.whole = !bytes.failed() && version_and_type == 0x11;
    return header;
}

void enter(const PppoeHeader& header, LayerName layer, Cursor& bytes, Walk& walk) {
    if (!bytes.failed() && !header.whole) walk.out.malformed = true;
    walk.check(bytes);
    if (header.whole) walk.header_ends(bytes);
    walk.narrow(bytes, header.length);
    walk.understood(kPppoe, layer);
}

// Empty where nobody knows the code.
std::string_view code_text(std::uint8_t code) {
    switch (code) {
        case 0x09:
            return "PADI";
        case 0x07:
            return "PADO";
        case 0x19:
            return "PADR";
        case 0x65:
            return "PADS";
        case 0xA7:
            return "PADT";
        default:
            return {};
    }
}

}  // namespace

bool is_pppoe_session(const Cursor& bytes) {
    Cursor inside = bytes;
    const PppoeHeader header = read_header(inside);
    if (!header.whole || header.code != kSession || !inside.narrow(header.length)) return false;
    const std::uint16_t protocol = inside.u16();
    return (protocol == kPppIpv4 && is_ipv4(inside)) || (protocol == kPppIpv6 && is_ipv6(inside));
}

Layer dissect_pppoe_discovery(Cursor& bytes, Walk& walk) {
    const PppoeHeader header = read_header(bytes);
    const std::string_view known = code_text(header.code);
    if (known.empty()) walk.stop_keeping();
    enter(header, LayerName::pppoe_discovery, bytes, walk);
    if (!header.whole) return {};
    const std::string_view text = known.empty() ? "Discovery" : known;
    if (header.session == 0)
        walk.detail(text);
    else
        walk.detail(text, " session ", std::uint64_t{header.session});
    return {};
}

Layer dissect_pppoe_session(Cursor& bytes, Walk& walk) {
    const PppoeHeader header = read_header(bytes);
    if (header.code != kSession) walk.stop_keeping();
    enter(header, LayerName::pppoe_session, bytes, walk);
    if (!header.whole) return {};
    return {dissect_ppp};
}

}  // namespace packetsentry::dissect
