#include "daemon/flows/flow_packet.h"

#include <netinet/in.h>

#include <algorithm>

#include "daemon/flows/tunnel_protocol.h"
#include "proto/flows/icmp_counterpart.h"

namespace packetsentry::flows {
namespace {

using dissect::Dissection;
using dissect::FieldInfo;
using dissect::InnerNetwork;

constexpr const FieldInfo& kIcmpType = dissect::field("packetsentry.icmp.type");
constexpr const FieldInfo& kIcmpCode = dissect::field("packetsentry.icmp.code");
constexpr const FieldInfo& kWindowScale = dissect::field("packetsentry.tcp.window_scale");
constexpr const FieldInfo& kFragmentId = dissect::field("packetsentry.ip.fragment_id");
constexpr std::uint16_t kFragmentOffset = 0x1FFF;
constexpr std::uint32_t kUdpHeader = 8, kIcmpHeader = 8;

std::optional<std::uint64_t> number_of(const Dissection& dissection, const FieldInfo& info) {
    for (const dissect::Field& field : dissection.fields())
        if (field.info == &info) return field.number;
    return std::nullopt;
}

std::uint32_t without(std::uint32_t bytes, std::uint32_t header) {
    return bytes - std::min(bytes, header);
}

bool is_later_fragment(const InnerNetwork& network) {
    return (network.fragment & kFragmentOffset) != 0;
}

bool is_first_fragment(const InnerNetwork& network) {
    return (network.fragment & dissect::kMoreFragments) != 0;
}

// False if the type was not captured. Nothing is inside of a message of ICMP, so its fields are those of the
// innermost level.
bool read_icmp(const Dissection& dissection, const InnerNetwork& network, FlowPacket& packet) {
    const auto type = number_of(dissection, kIcmpType);
    if (!type) return false;
    const std::uint64_t code = number_of(dissection, kIcmpCode).value_or(0);
    enter_message(packet.tuple, static_cast<std::uint8_t>(*type), static_cast<std::uint8_t>(code));
    packet.payload_bytes = without(network.ip_payload_bytes, kIcmpHeader);
    return true;
}

TcpSegment segment_of(const Dissection& dissection, std::int64_t time_ns) {
    TcpSegment segment{.sequence = dissection.headers.tcp_sequence,
                       .acknowledgement = dissection.headers.tcp_acknowledgement,
                       .flags = dissection.headers.tcp_flags,
                       .window = dissection.headers.tcp_window,
                       .payload_bytes = dissection.headers.tcp_payload_bytes,
                       .time_ns = time_ns};
    if (!segment.has(tcp_flag::syn)) return segment;
    if (const auto scale = number_of(dissection, kWindowScale))
        segment.window_scale = static_cast<std::uint8_t>(*scale);
    return segment;
}

FlowPacket made_of(const Dissection& dissection, std::int64_t time_ns, std::uint64_t number) {
    return {.time_ns = time_ns, .number = number, .interface_index = dissection.interface_index};
}

}  // namespace

std::optional<FlowPacket> FlowPacketReader::read(const Dissection& dissection, std::int64_t time_ns,
                                                 std::uint64_t number) {
    FlowPacket packet = made_of(dissection, time_ns, number);
    if (!read_level(outermost(dissection), packet)) return std::nullopt;
    return packet;
}

std::span<FlowPacket> FlowPacketReader::read_levels(const Dissection& dissection, std::int64_t time_ns,
                                                    std::uint64_t number) {
    std::size_t count = 0;
    packets_[0] = made_of(dissection, time_ns, number);
    if (read_level(outermost(dissection), packets_[0])) ++count;
    const auto inner = dissection.inner_networks();
    for (const InnerNetwork& network : inner) {
        FlowPacket& packet = packets_.at(count);
        packet = made_of(dissection, time_ns, number);
        if (!read_level({dissection, network, &network == &inner.back()}, packet)) continue;
        if (count != 0) packet.parent = &packets_.at(count - 1).tuple;
        ++count;
    }
    return {packets_.data(), count};
}

FlowPacketReader::Level FlowPacketReader::outermost(const Dissection& dissection) {
    const bool ipv6 = dissection.network == dissect::Network::ipv6;
    const bool fragment = (dissection.headers.fragment & (dissect::kMoreFragments | kFragmentOffset)) != 0;
    const std::uint64_t id =
        ipv6 && fragment ? number_of(dissection, kFragmentId).value_or(0) : dissection.headers.identification;
    return {.dissection = dissection,
            .network = {.source = dissection.source,
                        .destination = dissection.destination,
                        .source_port = dissection.source_port,
                        .destination_port = dissection.destination_port,
                        .ip_bytes = dissection.ip_bytes,
                        .ip_payload_bytes = dissection.ip_payload_bytes,
                        .fragment_id = static_cast<std::uint32_t>(id),
                        .fragment = dissection.headers.fragment,
                        .udp_length = dissection.headers.udp_length,
                        .network = dissection.network,
                        .ip_protocol = dissection.ip_protocol,
                        .has_ports = dissection.has_ports,
                        .carries = dissection.carries},
            .is_innermost = dissection.inner_networks().empty()};
}

bool FlowPacketReader::read_level(const Level& level, FlowPacket& packet) {
    const InnerNetwork& network = level.network;
    const bool ip = network.network == dissect::Network::ipv4 || network.network == dissect::Network::ipv6;
    if (!ip || !network.source || !network.destination) return false;
    packet.tuple.source.address = network.source;
    packet.tuple.destination.address = network.destination;
    packet.tuple.ip_protocol = network.ip_protocol;
    packet.ip_bytes = network.ip_bytes;
    packet.payload_bytes = network.ip_payload_bytes;
    packet.fragment = is_later_fragment(network);
    if (!read_ports(level, packet)) return false;
    if (!network.carries.empty()) packet.protocol = tunnel_protocol(network.carries);
    if (!level.is_innermost) return true;
    const Dissection& dissection = level.dissection;
    const bool has_segment = network.ip_protocol == IPPROTO_TCP && !packet.fragment &&
                             (dissection.headers.tcp_flags & dissect::kTcpHeader) != 0;
    if (has_segment) packet.tcp = segment_of(dissection, packet.time_ns);
    const bool application = network.carries.empty() && dissection.protocol != nullptr;
    if (!application || dissection.protocol->name.empty()) return true;
    packet.protocol = dissection.protocol;
    packet.called = called_name(dissection);
    return true;
}

bool FlowPacketReader::read_ports(const Level& level, FlowPacket& packet) {
    const InnerNetwork& network = level.network;
    if (!has_ports(network.ip_protocol)) return true;
    if (packet.fragment) {
        const FragmentKey key = fragment_key(network);
        const FirstFragment& first = place_of(key);
        if (first.key != key) return false;
        packet.tuple.source.port = first.source_port;
        packet.tuple.destination.port = first.destination_port;
        packet.payload_bytes = 0;  // the header of the first one has told the length of all
        return true;
    }
    switch (network.ip_protocol) {
        case IPPROTO_ICMP:
        case IPPROTO_ICMPV6:
            if (!read_icmp(level.dissection, network, packet)) return false;
            break;
        case IPPROTO_UDP:
            packet.payload_bytes = without(network.udp_length, kUdpHeader);
            [[fallthrough]];
        case IPPROTO_TCP:
        case IPPROTO_SCTP:
            if (!network.has_ports) return false;
            packet.tuple.source.port = network.source_port;
            packet.tuple.destination.port = network.destination_port;
            break;
    }
    if (!is_first_fragment(network)) return true;
    const FragmentKey key = fragment_key(network);
    place_of(key) = {.key = key,
                     .source_port = packet.tuple.source.port,
                     .destination_port = packet.tuple.destination.port};
    return true;
}

FlowPacketReader::FragmentKey FlowPacketReader::fragment_key(const InnerNetwork& network) {
    return {.source = network.source,
            .destination = network.destination,
            .id = network.fragment_id,
            .ip_protocol = network.ip_protocol};
}

FlowPacketReader::FirstFragment& FlowPacketReader::place_of(const FragmentKey& key) {
    return fragments_.at((key.id ^ key.id >> 8) % fragments_.size());
}

}  // namespace packetsentry::flows
