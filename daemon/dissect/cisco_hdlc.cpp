#include "daemon/dissect/cisco_hdlc.h"

#include "daemon/dissect/ethertype.h"
#include "daemon/dissect/ppp.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kCiscoHdlc{.word = "HDLC", .detail = kDetailOnly};
constexpr Protocol kSlarp{.word = "SLARP", .detail = kDetailOnly, .layers = "slarp"};
constexpr Protocol kCdp{.word = "CDP", .layers = "cdp"};
constexpr Protocol kIso{.word = "ISO", .layers = "osi"};

constexpr std::uint8_t kUnicast = 0x0F, kMulticast = 0x8F;
// These numbers mean something else here than as EtherTypes.
constexpr std::uint16_t kTypeSlarp = 0x8035, kTypeCdp = 0x2000, kTypeIso = 0xFEFE;

constexpr std::array<std::string_view, 3> kSlarpCodes{"Request", "Reply", "Keepalive"};

bool is_address(std::uint8_t byte) {
    return byte == kUnicast || byte == kMulticast;
}

Layer enter_slarp(Cursor& bytes, Walk& walk) {
    walk.understood(kSlarp, LayerName::by_protocol);
    const std::uint32_t code = bytes.u32();
    walk.check(bytes);
    if (!bytes.failed()) walk.detail(code < kSlarpCodes.size() ? kSlarpCodes[code] : "Unknown code");
    return {};
}

}  // namespace

Layer dissect_cisco_hdlc(Cursor& bytes, Walk& walk) {
    const std::uint8_t address = bytes.u8();
    const std::uint8_t control = bytes.u8();
    const std::uint16_t type = bytes.u16();
    walk.check(bytes);
    walk.understood(kCiscoHdlc, LayerName::chdlc);
    if (!is_address(address) || control != 0) walk.stop_keeping();
    walk.header_ends(bytes);
    if (bytes.failed()) return {};
    if (type == kTypeSlarp) return enter_slarp(bytes, walk);
    if (type == kTypeCdp) return by_word(kCdp, walk);
    if (type == kTypeIso) return by_word(kIso, walk);
    return by_ethertype(type, walk);
}

Layer dissect_ppp_or_cisco_hdlc(Cursor& bytes, Walk&) {
    return {is_address(bytes.peek(0)) && bytes.peek(1) == 0 ? dissect_cisco_hdlc : dissect_ppp};
}

}  // namespace packetsentry::dissect
