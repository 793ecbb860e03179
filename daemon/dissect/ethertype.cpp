#include "daemon/dissect/ethertype.h"

#include <array>

#include "daemon/dissect/arp.h"
#include "daemon/dissect/ethernet.h"
#include "daemon/dissect/fabricpath.h"
#include "daemon/dissect/ipv4.h"
#include "daemon/dissect/ipv6.h"
#include "daemon/dissect/llc.h"
#include "daemon/dissect/mpls.h"
#include "daemon/dissect/nsh.h"
#include "daemon/dissect/pbb.h"
#include "daemon/dissect/port_tag.h"
#include "daemon/dissect/ppp.h"
#include "daemon/dissect/pppoe.h"
#include "daemon/dissect/vlan.h"

namespace packetsentry::dissect {
namespace {

struct Ethertype {
    std::uint16_t number;
    LayerDissector dissect;                       // null: known by its word alone
    Protocol protocol = {};                       // with dissect null
    bool (*recognises)(const Cursor&) = nullptr;  // null: it has no checks of its own
};

constexpr Ethertype word(std::uint16_t number, std::string_view word, std::string_view layers) {
    return {number, nullptr, {.word = word, .layers = layers}};
}

constexpr std::array kEthertypes{
    Ethertype{0x0800, dissect_ipv4, {}, is_ipv4},
    Ethertype{0x86DD, dissect_ipv6, {}, is_ipv6},
    Ethertype{0x0806, dissect_arp, {}, is_arp},
    Ethertype{0x8035, dissect_arp},  // RARP
    Ethertype{0x8100, dissect_vlan},
    Ethertype{0x88A8, dissect_vlan},
    Ethertype{0x9100, dissect_vlan},
    Ethertype{0x9200, dissect_vlan},
    Ethertype{0x8847, dissect_mpls},
    Ethertype{0x8848, dissect_mpls},
    Ethertype{0x8863, dissect_pppoe_discovery},
    Ethertype{0x8864, dissect_pppoe_session, {}, is_pppoe_session},
    Ethertype{0x6558, dissect_ethernet},
    Ethertype{0x880B, dissect_ppp},
    Ethertype{0x88E7, dissect_pbb},
    Ethertype{0x893F, dissect_etag},
    Ethertype{0x8926, dissect_vntag},
    Ethertype{0x8903, dissect_fabricpath},
    Ethertype{0x894F, dissect_nsh},
    word(0x88CC, "LLDP", "lldp"),
    word(0x0842, "WOL", "wol"),
    word(0x6003, "DECnet", "dec_dna"),
    word(0x8137, "IPX", "ipx"),
    word(0x8808, "Pause", "macc"),
    word(0x8809, "Slow", "slow"),  // LACP and its like, IEEE 802.3 annex 57A
    word(0x886F, "NLB", "msnlb"),
    word(0x888E, "EAPOL", "eapol"),
    word(0x8892, "PROFINET", "pn_rt"),
    word(0x8899, "Realtek", "realtek"),
    word(0x88A2, "AoE", "aoe"),
    word(0x88A4, "EtherCAT", "ecatf"),
    word(0x88B8, "GOOSE", "goose"),
    word(0x88BA, "SV", "sv"),
    word(0x88C7, "PreAuth", "eapol"),
    word(0x88E1, "HomePlug", "homeplug-av"),
    word(0x88E5, "MACsec", "macsec"),
    word(0x88F5, "MVRP", "mrp-mvrp"),
    word(0x88F7, "PTP", "ptp"),
    word(0x8902, "CFM", "cfm"),
    word(0x8906, "FCoE", "fcoe"),
    word(0x8914, "FIP", "fip"),
    word(0x891D, "TTE", "tte"),
    word(0x893A, "IEEE1905", "ieee1905"),
    word(0x9000, "Loopback", "loop"),
};

constexpr std::uint16_t kLengthLimit = 1500;
constexpr std::uint16_t kFirstType = 0x0600;
constexpr int kTagLimit = 2;  // more than that nobody looks behind

const Ethertype* find_ethertype(std::uint16_t type) {
    for (const Ethertype& row : kEthertypes)
        if (row.number == type) return &row;
    return nullptr;
}

}  // namespace

bool is_known_ethertype(std::uint16_t type) {
    return find_ethertype(type) != nullptr;
}

bool is_of_ethertype(std::uint16_t type, const Cursor& bytes) {
    Cursor inside = bytes;
    const Ethertype* row = find_ethertype(type);
    for (int tags = 0; row != nullptr && row->dissect == dissect_vlan && tags < kTagLimit; ++tags) {
        inside.skip(2);
        row = find_ethertype(inside.u16());
    }
    return row != nullptr && row->recognises != nullptr && row->recognises(inside);
}

Layer by_ethertype(std::uint16_t type, Walk& walk) {
    if (const Ethertype* const row = find_ethertype(type)) return by_row(row->dissect, row->protocol, walk);
    walk.detail("type ", Hex{type});
    walk.enter(LayerName::data);
    return {};
}

Layer enter_ethertype(std::uint16_t type, Walk& walk) {
    walk.enter(LayerName::ethertype);
    walk.out.layers.note_ethertype(type);
    return by_ethertype(type, walk);
}

// Ethernet, VLAN tags and label stacks look at what they carry themselves.
Layer by_checked_ethertype(std::uint16_t type, const Cursor& bytes, Walk& walk) {
    const Ethertype* const row = find_ethertype(type);
    const bool checks = row != nullptr && (row->dissect == dissect_ethernet || row->dissect == dissect_vlan ||
                                           row->dissect == dissect_mpls);
    if (!checks && !is_of_ethertype(type, bytes)) walk.stop_keeping();
    return by_ethertype(type, walk);
}

Layer by_type_or_length(std::uint16_t type_or_length, Cursor& bytes, Walk& walk) {
    if (type_or_length >= kFirstType) return enter_ethertype(type_or_length, walk);
    if (type_or_length > kLengthLimit) {
        walk.out.malformed = true;
        return {};
    }
    walk.narrow(bytes, type_or_length);
    return {dissect_llc};
}

}  // namespace packetsentry::dissect
