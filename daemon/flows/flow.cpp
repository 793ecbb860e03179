#include "daemon/flows/flow.h"

#include <netinet/in.h>

#include <algorithm>
#include <utility>

namespace packetsentry::flows {

Flow::Flow(const FlowPacket& packet, bool turned)
    : originator_(turned ? packet.tuple.destination : packet.tuple.source),
      responder_(turned ? packet.tuple.source : packet.tuple.destination),
      ip_protocol_(packet.tuple.ip_protocol),
      begin_ns_(packet.time_ns),
      end_ns_(packet.time_ns),
      lost_before_(static_cast<std::uint32_t>(packet.lost_before)),
      interface_(packet.interface),
      interface_index_(packet.interface_index),
      first_packet_(packet.number),
      last_packet_(packet.number),
      community_(community_hash(packet.tuple)) {
    if (turned) history_.add('^');
    if (packet.tcp) tcp_.emplace();
    if (packet.parent == nullptr) return;
    has_parent_ = true;
    parent_ = community_hash(*packet.parent);
}

std::uint8_t Flow::take(const FlowPacket& packet) {
    const bool originator = packet.tuple.source == originator_;
    std::uint8_t notes = kTcpNothing;
    if (!tcp_ || !tcp_->both_ended()) end_ns_ = std::max(end_ns_, packet.time_ns);
    if (packet.tcp && tcp_) {
        const bool before = tcp_->turned();
        notes = tcp_->take(*packet.tcp, originator, history_);
        if (tcp_->turned() != before) turn();
    } else if (packet.tuple.ip_protocol == IPPROTO_UDP && !packet.fragment) {
        (void)history_.add_first(FlowEvent::data, originator, originator ? 'D' : 'd');
    }
    // The conversation may have found that its sides are the other way round.
    FlowCounts& counts = packet.tuple.source == originator_ ? originator_counts_ : responder_counts_;
    ++counts.packets;
    counts.ip_bytes += packet.ip_bytes;
    counts.payload_bytes += packet.payload_bytes;
    rate_.add(begin_ns_, packet.time_ns, packet.ip_bytes);
    last_packet_ = packet.number;
    if (packet.protocol != nullptr) add_service(packet.protocol);
    return notes;
}

std::uint64_t Flow::data_bytes(bool of_originator) const {
    if (!tcp_) return counts(of_originator).payload_bytes;
    return tcp_->side(of_originator).data_bytes(tcp_->side(!of_originator));
}

std::optional<std::uint64_t> Flow::highest_rate() const {
    const bool lasted = static_cast<std::uint64_t>(end_ns_) - static_cast<std::uint64_t>(begin_ns_) >=
                        static_cast<std::uint64_t>(kRateTime);
    if (!lasted) return std::nullopt;
    return rate_.bytes();
}

void Flow::add_name(NameSource source, NamePool::Id name, NamePool& pool) {
    if (!names_ && name != NamePool::kNone) names_ = std::make_unique<FlowNames>(pool);
    if (!names_ || !names_->add(source, name)) lacks_names_ = true;
}

ConnState Flow::state() const {
    if (tcp_) return conn_state_of(*tcp_, history_);
    if (ip_protocol_ != IPPROTO_UDP) return ConnState::OTH;
    return conn_state_of_udp(originator_counts_.packets != 0, responder_counts_.packets != 0);
}

void Flow::turn() {
    std::swap(originator_, responder_);
    std::swap(originator_counts_, responder_counts_);
}

// A dissector has several protocols of one name where their summaries differ.
void Flow::add_service(const dissect::Protocol* protocol) {
    const auto known = services();
    if (known.size() == kServices || std::ranges::find(known, protocol) != known.end()) return;
    const auto has_name = [&](const dissect::Protocol* other) { return other->name == protocol->name; };
    if (std::ranges::none_of(known, has_name)) services_.at(service_count_++) = protocol;
}

}  // namespace packetsentry::flows
