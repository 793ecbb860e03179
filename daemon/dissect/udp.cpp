#include "daemon/dissect/udp.h"

#include "daemon/dissect/application/application.h"
#include "daemon/dissect/geneve.h"
#include "daemon/dissect/gtp.h"
#include "daemon/dissect/l2tp.h"
#include "daemon/dissect/teredo.h"
#include "daemon/dissect/vxlan.h"
#include "daemon/dissect/vxlan_gpe.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kUdp{.word = "UDP", .shows_ports = true, .detail = kDetailOnly};

constexpr std::size_t kUdpHeaderSize = 8;
constexpr std::size_t kLongestDatagram = 65535;

// Tunnels in UDP; only the destination port is theirs, the source port spreads flows.
struct Tunnel {
    std::uint16_t port;
    bool (*recognises)(const Cursor& payload);
    LayerDissector dissect;
};

constexpr std::array kTunnels{
    Tunnel{4789, is_vxlan, dissect_vxlan},        Tunnel{4790, is_vxlan_gpe, dissect_vxlan_gpe},
    Tunnel{6081, is_geneve, dissect_geneve},      Tunnel{2152, is_gtp_user, dissect_gtp_user},
    Tunnel{1701, is_l2tp, dissect_l2tp_over_udp},
};

const Tunnel* find_tunnel(std::uint16_t port, const Cursor& payload) {
    for (const Tunnel& row : kTunnels)
        if (row.port == port && row.recognises(payload)) return &row;
    return nullptr;
}

// Length 0 is a jumbogram's (RFC 2675 section 4).
void narrow_to_payload(Cursor& bytes, std::size_t length, Walk& walk) {
    if (length == 0 && bytes.remaining_on_wire() + kUdpHeaderSize > kLongestDatagram) return;
    walk.out.malformed |= length < kUdpHeaderSize;
    walk.narrow(bytes, length < kUdpHeaderSize ? 0 : length - kUdpHeaderSize);
}

}  // namespace

Layer dissect_udp(Cursor& bytes, Walk& walk) {
    const auto header = bytes.header<kUdpHeaderSize>();
    walk.check(bytes);
    walk.understood(kUdp, LayerName::udp);
    if (bytes.failed()) return {};
    const std::uint16_t source_port = header.u16<0>(), destination_port = header.u16<2>();
    walk.enter_ports(source_port, destination_port);
    const std::size_t length = header.u16<4>();
    if (length != 0 && length < kUdpHeaderSize) walk.stop_keeping();
    narrow_to_payload(bytes, length, walk);
    walk.enter_udp_length(header.u16<4>());
    walk.note(Layout::Kind::checksum, header.take<6, 2>());
    walk.payload_begins(bytes);
    if (const Tunnel* const tunnel = find_tunnel(destination_port, bytes)) return {tunnel->dissect};
    if (is_teredo(bytes, source_port, destination_port)) return {dissect_teredo};
    const bool has_payload = !bytes.empty();
    if (has_payload) dissect_application(Carrier::udp, source_port, destination_port, bytes.rest(), walk.out);
    if (walk.out.protocol != &kUdp) {
        walk.enter(LayerName::by_protocol);
        return {};
    }
    if (has_payload) walk.enter(LayerName::data);
    if (walk.tunnelled()) walk.detail();
    return {};
}

}  // namespace packetsentry::dissect
