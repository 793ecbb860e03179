#include "daemon/dissect/llc.h"

#include "daemon/dissect/ethernet.h"
#include "daemon/dissect/ethertype.h"
#include "daemon/dissect/ipv4.h"
#include "daemon/dissect/stp.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kLlc{.word = "LLC", .detail = kDetailOnly};

// Values of the control field, IEEE 802.2 section 5.2.
constexpr unsigned kUnnumberedInformation = 0x03, kPollOrFinal = 0x10;

struct ServiceAccessPoint {
    std::uint8_t number;
    LayerDissector dissect;  // null: known by its word alone
    Protocol protocol = {};
};

constexpr std::array kServiceAccessPoints{
    ServiceAccessPoint{0x42, dissect_bridge_pdu},
    ServiceAccessPoint{0x06, dissect_ipv4},
    ServiceAccessPoint{0xE0, nullptr, {.word = "IPX", .layers = "ipx"}},
    ServiceAccessPoint{0xFF, nullptr, {.word = "IPX", .layers = "ipx"}},
    ServiceAccessPoint{0xF0, nullptr, {.word = "NetBIOS", .layers = "netbios"}},
    ServiceAccessPoint{0xFE, nullptr, {.word = "ISO", .layers = "osi"}},  // IS-IS, ES-IS, CLNP
};

struct SnapProtocol {
    std::uint32_t organisation;
    std::uint16_t number;
    LayerDissector dissect;
    Protocol protocol = {};
};

constexpr std::uint32_t kCisco = 0x00000C;
constexpr std::uint32_t kBridged = 0x0080C2;  // IEEE 802.1: frames of other media, RFC 2427 appendix A

constexpr std::array kSnapProtocols{
    SnapProtocol{kCisco, 0x010B, dissect_bridge_pdu},
    SnapProtocol{kCisco, 0x0111, nullptr, {.word = "UDLD", .layers = "udld"}},
    SnapProtocol{kCisco, 0x2000, nullptr, {.word = "CDP", .layers = "cdp"}},
    SnapProtocol{kCisco, 0x2003, nullptr, {.word = "VTP", .layers = "vtp"}},
    SnapProtocol{kCisco, 0x2004, nullptr, {.word = "DTP", .layers = "dtp"}},
    SnapProtocol{kBridged, 0x0001, dissect_ethernet},  // with its checksum
    SnapProtocol{kBridged, 0x0007, dissect_ethernet},
    SnapProtocol{kBridged, 0x000E, dissect_bridge_pdu},
};

// Organisations whose protocol numbers are EtherTypes: RFC 1042, and bridged by IEEE 802.1H.
bool uses_ethertypes(std::uint32_t organisation) {
    return organisation == 0 || organisation == 0x0000F8;
}

}  // namespace

Layer dissect_snap(Cursor& bytes, Walk& walk) {
    const std::uint32_t organisation = bytes.u24();
    const std::uint16_t number = bytes.u16();
    walk.check(bytes);
    walk.header_ends(bytes);
    if (bytes.failed()) return {};
    if (uses_ethertypes(organisation)) return by_ethertype(number, walk);
    for (const SnapProtocol& row : kSnapProtocols)
        if (row.organisation == organisation && row.number == number)
            return by_row(row.dissect, row.protocol, walk);
    walk.detail("SNAP ", Hex{organisation}, " ", Hex{number});
    return {};
}

Layer dissect_llc(Cursor& bytes, Walk& walk) {
    const std::uint8_t destination = bytes.u8();
    const std::uint8_t source = bytes.u8();
    const std::uint8_t control = bytes.u8();
    walk.check(bytes);
    walk.header_ends(bytes);
    walk.understood(kLlc, LayerName::llc);
    if (bytes.failed()) return {};
    if (destination == 0xAA && source == 0xAA && control == 3) return dissect_snap(bytes, walk);
    // None of the protocols in the table uses information frames, which have a second control byte. What a
    // station is tested with (TEST), or tells of itself (XID), is not theirs either.
    const bool carries = (control & ~kPollOrFinal) == kUnnumberedInformation;
    for (const ServiceAccessPoint& row : kServiceAccessPoints)
        if (row.number == destination && (carries || row.dissect == nullptr))
            return by_row(row.dissect, row.protocol, walk);
    walk.detail("SAP ", Hex{source}, " -> ", Hex{destination});
    return {};
}

}  // namespace packetsentry::dissect
