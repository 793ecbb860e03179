#include "daemon/dissect/stp.h"

#include <algorithm>

namespace packetsentry::dissect {
namespace {

constexpr Protocol kStp{.word = "STP", .detail = kDetailOnly};
constexpr Protocol kGarp{.word = "GARP"};

enum ProtocolIdentifier : std::uint16_t { kSpanningTree = 0, kGenericRegistration = 1 };

constexpr std::uint8_t kLastVersion = 4;  // shortest path bridging

// GARP does not say which application it works for: the group address that the frame goes to does.
struct GarpApplication {
    std::array<std::uint8_t, 6> group;
    Protocol protocol;
};
constexpr std::array kGarpApplications{
    GarpApplication{{0x01, 0x80, 0xC2, 0x00, 0x00, 0x20}, {.word = "GMRP", .layers = "gmrp"}},
    GarpApplication{{0x01, 0x80, 0xC2, 0x00, 0x00, 0x21}, {.word = "GVRP", .layers = "gvrp"}},
};

const Protocol& garp_application(const base::Address& destination) {
    for (const GarpApplication& row : kGarpApplications)
        if (destination == base::Address::from(std::as_bytes(std::span(row.group)))) return row.protocol;
    return kGarp;
}

// Empty where nobody knows the type.
std::string_view type_text(std::uint8_t version, std::uint8_t type) {
    if (type == 0x80) return "Topology change";
    if (type == 0x00) return "Configuration";
    if (type != 0x02) return {};
    return version >= 3 ? "Multiple" : "Rapid";
}

Layer dissect_spanning_tree(Cursor& bytes, Walk& walk) {
    const std::uint8_t version = bytes.u8();
    const std::uint8_t type = bytes.u8();
    walk.check(bytes);
    const std::string_view text = type_text(version, type);
    if (version > kLastVersion || text.empty()) walk.stop_keeping();
    walk.header_ends(bytes);
    walk.understood(kStp, LayerName::stp);
    if (!bytes.failed()) walk.detail(text.empty() ? "Unknown type" : text);
    return {};
}

}  // namespace

// What belongs to neither stays the carrier's.
Layer dissect_bridge_pdu(Cursor& bytes, Walk& walk) {
    const std::uint16_t protocol = bytes.u16();
    walk.check(bytes);
    if (protocol == kSpanningTree) return dissect_spanning_tree(bytes, walk);
    walk.stop_keeping();
    if (protocol == kGenericRegistration)
        walk.understood(garp_application(walk.out.destination_mac), LayerName::by_protocol);
    else
        walk.detail("protocol ", Hex{protocol});
    return {};
}

}  // namespace packetsentry::dissect
