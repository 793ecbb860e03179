#include "daemon/flows/flow_packet.h"

#include <netinet/in.h>

#include <algorithm>

#include "daemon/flows/icmp_counterpart.h"

namespace packetsentry::flows {
namespace {

using dissect::Dissection;
using dissect::FieldInfo;

constexpr const FieldInfo& kIcmpType = dissect::field("packetsentry.icmp.type");
constexpr const FieldInfo& kIcmpCode = dissect::field("packetsentry.icmp.code");
constexpr const FieldInfo& kWindowScale = dissect::field("packetsentry.tcp.window_scale");
constexpr const FieldInfo& kFragmentId = dissect::field("packetsentry.ip.fragment_id");
constexpr std::uint32_t kUdpHeader = 8, kIcmpHeader = 8;

std::optional<std::uint64_t> number_of(const Dissection& dissection, const FieldInfo& info) {
    for (const dissect::Field& field : dissection.fields())
        if (field.info == &info) return field.number;
    return std::nullopt;
}

std::uint32_t without(std::uint32_t bytes, std::uint32_t header) {
    return bytes - std::min(bytes, header);
}

bool is_later_fragment(const Dissection& dissection) {
    return (dissection.headers.fragment & 0x1FFF) != 0;
}

bool is_first_fragment(const Dissection& dissection) {
    return (dissection.headers.fragment & dissect::kMoreFragments) != 0;
}

// False if the type was not captured.
bool read_icmp(const Dissection& dissection, FlowPacket& packet) {
    const auto type = number_of(dissection, kIcmpType);
    if (!type) return false;
    const auto sent = static_cast<std::uint8_t>(*type);
    const auto answer =
        dissection.ip_protocol == IPPROTO_ICMP ? icmp_counterpart(sent) : icmpv6_counterpart(sent);
    packet.tuple.source.port = sent;
    packet.tuple.destination.port =
        answer ? *answer : static_cast<std::uint16_t>(number_of(dissection, kIcmpCode).value_or(0));
    packet.tuple.one_way = !answer;
    packet.payload_bytes = without(dissection.ip_payload_bytes, kIcmpHeader);
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

}  // namespace

std::optional<FlowPacket> FlowPacketReader::read(const Dissection& dissection, std::int64_t time_ns,
                                                 std::uint64_t number) {
    const bool ip =
        dissection.network == dissect::Network::ipv4 || dissection.network == dissect::Network::ipv6;
    if (!ip || !dissection.source || !dissection.destination) return std::nullopt;
    FlowPacket packet{.tuple = {.source = {dissection.source, 0},
                                .destination = {dissection.destination, 0},
                                .ip_protocol = dissection.ip_protocol},
                      .time_ns = time_ns,
                      .number = number,
                      .interface_index = dissection.interface_index,
                      .ip_bytes = dissection.ip_bytes,
                      .payload_bytes = dissection.ip_payload_bytes,
                      .fragment = is_later_fragment(dissection)};
    if (!read_ports(dissection, packet)) return std::nullopt;
    const bool has_segment = dissection.ip_protocol == IPPROTO_TCP && !packet.fragment &&
                             (dissection.headers.tcp_flags & dissect::kTcpHeader) != 0;
    if (has_segment) packet.tcp = segment_of(dissection, time_ns);
    if (dissection.protocol != nullptr && !dissection.protocol->name.empty())
        packet.protocol = dissection.protocol;
    return packet;
}

bool FlowPacketReader::read_ports(const Dissection& dissection, FlowPacket& packet) {
    if (packet.fragment) {
        const FragmentKey key = fragment_key(dissection);
        const FirstFragment& first = place_of(key);
        if (first.key != key) return false;
        packet.tuple.source.port = first.source_port;
        packet.tuple.destination.port = first.destination_port;
        packet.payload_bytes = 0;  // the header of the first one has told the length of all
        return true;
    }
    switch (dissection.ip_protocol) {
        case IPPROTO_ICMP:
        case IPPROTO_ICMPV6:
            if (!read_icmp(dissection, packet)) return false;
            break;
        case IPPROTO_UDP:
            packet.payload_bytes = without(dissection.headers.udp_length, kUdpHeader);
            [[fallthrough]];
        case IPPROTO_TCP:
        case IPPROTO_SCTP:
            if (!dissection.has_ports) return false;
            packet.tuple.source.port = dissection.source_port;
            packet.tuple.destination.port = dissection.destination_port;
            break;
        default:
            return true;
    }
    if (!is_first_fragment(dissection)) return true;
    const FragmentKey key = fragment_key(dissection);
    place_of(key) = {.key = key,
                     .source_port = packet.tuple.source.port,
                     .destination_port = packet.tuple.destination.port};
    return true;
}

FlowPacketReader::FragmentKey FlowPacketReader::fragment_key(const Dissection& dissection) {
    const bool ipv4 = dissection.network == dissect::Network::ipv4;
    const std::uint64_t id =
        ipv4 ? dissection.headers.identification : number_of(dissection, kFragmentId).value_or(0);
    return {.source = dissection.source,
            .destination = dissection.destination,
            .id = static_cast<std::uint32_t>(id),
            .ip_protocol = dissection.ip_protocol};
}

FlowPacketReader::FirstFragment& FlowPacketReader::place_of(const FragmentKey& key) {
    return fragments_.at((key.id ^ key.id >> 8) % fragments_.size());
}

}  // namespace packetsentry::flows
