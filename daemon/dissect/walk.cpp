#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kVlan = field("network.vlan.id");
constexpr const FieldInfo& kInnerVlan = field("network.inner.vlan.id");
constexpr const FieldInfo& kVlanBetween = field("packetsentry.vlan.between");
constexpr const FieldInfo& kVlanPriority = field("packetsentry.vlan.priority");
constexpr const FieldInfo& kTunnelType = field("packetsentry.tunnel.type");
constexpr const FieldInfo& kInnerSource = field("packetsentry.inner.source.ip");
constexpr const FieldInfo& kInnerDestination = field("packetsentry.inner.destination.ip");
constexpr const FieldInfo& kInnerSourcePort = field("packetsentry.inner.source.port");
constexpr const FieldInfo& kFragmentId = field("packetsentry.ip.fragment_id");
constexpr const FieldInfo& kInnerDestinationPort = field("packetsentry.inner.destination.port");

}  // namespace

void Walk::run(Layer layer, Cursor bytes) {
    for (std::size_t headers = 0; layer.dissect != nullptr && headers < kHeaderLimit; ++headers)
        layer = layer.dissect(bytes, *this);
    if (layer.dissect != nullptr) out.incomplete = true;
    if (vlans_ > 1) out.add(kInnerVlan, vlan_);
    if (tunnelled()) add_inner();
}

void Walk::enter_link(Mac source, Mac destination) {
    note(Layout::Kind::mac, source);
    note(Layout::Kind::mac, destination);
    if (networks_ != 0 || out.source_mac) return;
    set(out.source_mac, source);
    set(out.destination_mac, destination);
}

void Walk::enter_link(Mac source) {
    note(Layout::Kind::mac, source);
    if (networks_ == 0 && !out.source_mac) set(out.source_mac, source);
}

void Walk::begin_network(Network network, std::uint8_t ip_protocol) {
    network_ = network;
    if (networks_++ != 0) {
        inner_ = &out.begin_inner_network();
        inner_->network = network;
        inner_->ip_protocol = ip_protocol;
        return;
    }
    out.network = network;
    out.ip_protocol = ip_protocol;
}

void Walk::enter_fragment_id(std::uint32_t id) {
    if (inner_ == nullptr)
        out.add(kFragmentId, id);
    else
        inner_->fragment_id = id;
}

void Walk::enter_ports(std::uint16_t source, std::uint16_t destination) {
    if (inner_ != nullptr) {
        inner_->source_port = source;
        inner_->destination_port = destination;
        inner_->has_ports = true;
        return;
    }
    out.source_port = source;
    out.destination_port = destination;
    out.has_ports = true;
}

// ECS has the outermost tag and the innermost one; those between them are a list of ours.
void Walk::enter_vlan(std::uint16_t tag) {
    if (networks_ != 0) return;
    const std::uint16_t id = tag & 0x0FFFU;
    if (vlans_ == 0) out.add(kVlan, id);
    if (vlans_ > 1) out.add(kVlanBetween, vlan_);
    out.add(kVlanPriority, tag >> 13U);
    vlan_ = id;
    ++vlans_;
}

bool Walk::enter_tunnel(std::string_view type) {
    if (++tunnels_ > kTunnelLimit) {
        out.incomplete = true;
        return false;
    }
    tunnel_ = type;
    std::string_view& carries = inner_ == nullptr ? out.carries : inner_->carries;
    if (networks_ != 0 && carries.empty()) carries = type;
    out.add(kTunnelType, type);
    return true;
}

void Walk::put_end(const base::Address& address, std::uint16_t port) {
    const bool bracketed = inner_->has_ports && address.size == 16;
    if (bracketed) put("[");
    put(address);
    if (bracketed) put("]");
    if (!inner_->has_ports) return;
    put(":");
    put(std::uint64_t{port});
}

void Walk::put(const Quoted& quoted) {
    if (!quoted.destination) return;
    put(" for ");
    put(quoted.protocol.empty() ? std::string_view("packet") : quoted.protocol);
    put(" to ");
    put(quoted.destination);
    if (quoted.port == 0) return;
    put(" port ");
    put(std::uint64_t{quoted.port});
}

void Walk::put_inner() {
    put(tunnel_);
    put(" ");
    put_end(inner_->source, inner_->source_port);
    put(" -> ");
    put_end(inner_->destination, inner_->destination_port);
}

void Walk::add_inner() {
    if (!inner_->source) return;
    out.add(kInnerSource, inner_->source);
    out.add(kInnerDestination, inner_->destination);
    if (!inner_->has_ports) return;
    out.add(kInnerSourcePort, inner_->source_port);
    out.add(kInnerDestinationPort, inner_->destination_port);
}

}  // namespace packetsentry::dissect
