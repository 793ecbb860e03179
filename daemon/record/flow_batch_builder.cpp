#include "daemon/record/flow_batch_builder.h"

#include "daemon/flows/direction.h"
#include "proto/rows/transport.h"

namespace packetsentry::record {
namespace {

using dissect::field;
using dissect::FieldInfo;
using flows::Flow;
using flows::FlowReason;
using flows::TcpSide;

// The fields of one side.
struct SideFields {
    const FieldInfo& packets;
    const FieldInfo& bytes;
    const FieldInfo& payload_bytes;
    const FieldInfo& retransmissions;
    const FieldInfo& out_of_order;
    const FieldInfo& zero_windows;
    const FieldInfo& duplicate_acks;
};

constexpr SideFields kOriginator = {
    .packets = field("source.packets"),
    .bytes = field("source.bytes"),
    .payload_bytes = field("packetsentry.flow.source.payload_bytes"),
    .retransmissions = field("packetsentry.flow.source.retransmissions"),
    .out_of_order = field("packetsentry.flow.source.out_of_order"),
    .zero_windows = field("packetsentry.flow.source.zero_windows"),
    .duplicate_acks = field("packetsentry.flow.source.duplicate_acks"),
};
constexpr SideFields kResponder = {
    .packets = field("destination.packets"),
    .bytes = field("destination.bytes"),
    .payload_bytes = field("packetsentry.flow.destination.payload_bytes"),
    .retransmissions = field("packetsentry.flow.destination.retransmissions"),
    .out_of_order = field("packetsentry.flow.destination.out_of_order"),
    .zero_windows = field("packetsentry.flow.destination.zero_windows"),
    .duplicate_acks = field("packetsentry.flow.destination.duplicate_acks"),
};

// A conversation shows its ports, and no detail of its packets.
dissect::Protocol protocol_of(const Flow& flow) {
    const auto services = flow.services();
    if (!services.empty())
        return {.word = services.front()->word, .name = services.front()->name, .shows_ports = true};
    const rows::Transport* const carried = rows::transport(flow.ip_protocol());
    return {.word = carried != nullptr ? carried->word : std::string_view("IP"), .shows_ports = true};
}

}  // namespace

std::string_view reason_word(FlowReason reason) {
    switch (reason) {
        case FlowReason::lasts:
            return "lasts";
        case FlowReason::ended:
            return "ended";
        case FlowReason::idle:
            return "idle";
        case FlowReason::replaced:
            return "replaced";
        case FlowReason::evicted:
            return "evicted";
        case FlowReason::stopped:
            return "stopped";
    }
    return "unknown";
}

FlowBatchBuilder::FlowBatchBuilder(bool with_direction)
    : DerivedBatchBuilder(wire::TABLE_FLOWS), with_direction_(with_direction) {}

void FlowBatchBuilder::append_side(const Flow& flow, bool of_originator) {
    const SideFields& fields = of_originator ? kOriginator : kResponder;
    put(fields.packets, flow.counts(of_originator).packets);
    put(fields.bytes, flow.counts(of_originator).ip_bytes);
    put(fields.payload_bytes, flow.data_bytes(of_originator));
    if (flow.tcp() == nullptr) return;
    const TcpSide& side = flow.tcp()->side(of_originator);
    put_if_any(fields.retransmissions, side.retransmissions);
    put_if_any(fields.out_of_order, side.out_of_order);
    put_if_any(fields.zero_windows, side.zero_windows.count());
    put_if_any(fields.duplicate_acks, side.duplicate_acks);
}

void FlowBatchBuilder::append_tcp(const Flow& flow) {
    const flows::TcpConversation* const tcp = flow.tcp();
    if (tcp == nullptr) return;
    put_if_any(field("packetsentry.flow.missed_bytes"),
               tcp->originator().missing_bytes + tcp->responder().missing_bytes);
    if (const auto time = tcp->responder_rtt_ns(); time && *time >= 0)
        put(field("packetsentry.flow.destination.round_trip_time"), static_cast<std::uint64_t>(*time));
    if (const auto time = tcp->originator_rtt_ns(); time && *time >= 0)
        put(field("packetsentry.flow.source.round_trip_time"), static_cast<std::uint64_t>(*time));
}

void FlowBatchBuilder::append_facts(const Flow& flow, FlowReason reason) {
    put(field("packetsentry.flow.state"), to_string(flow.state()));
    if (!flow.history().text().empty()) put(field("packetsentry.flow.history"), flow.history().text());
    put(field("packetsentry.flow.reason"), reason_word(reason));
    for (const dissect::Protocol* const service : flow.services())
        put(field("packetsentry.flow.services"), service->name);
    put(field("network.community_id"), flows::community_id(flow.community()));
    if (flow.parent() != nullptr) put(field("packetsentry.flow.parent"), flows::community_id(*flow.parent()));
    if (with_direction_)
        put(field("network.direction"),
            flows::direction_of(flow.originator().address, flow.responder().address));
    put_if_any(field("packetsentry.flow.first_packet"), flow.first_packet());
    put_if_any(field("packetsentry.flow.last_packet"), flow.last_packet());
}

void FlowBatchBuilder::append_names(const Flow& flow) {
    const flows::FlowNames* const names = flow.names();
    for (std::size_t i = 0; names != nullptr && i < names->size(); ++i) {
        put(field("destination.domain"), names->text(i));
        put(field("packetsentry.flow.domain_sources"), to_string(names->source(i)));
    }
}

void FlowBatchBuilder::append(const Flow& flow, FlowReason reason, std::string_view interface_name,
                              std::uint32_t link_type, std::uint64_t lost) {
    // Names lie elsewhere, so they are fetched while other columns are filled.
    if (flow.names() != nullptr) __builtin_prefetch(flow.names());
    append_times(flow.begin_ns(), flow.end_ns());
    const bool cut = flow.history().cut() || flow.lacks_names();
    append_ends(
        {.source = flow.originator(), .destination = flow.responder(), .ip_protocol = flow.ip_protocol()},
        cut ? wire::FLAG_INCOMPLETE : wire::FLAG_NONE);
    if (flow.names() != nullptr) flow.names()->prepare();
    append_protocol(protocol_of(flow));
    append_interface(interface_name, link_type);
    append_side(flow, true);
    append_side(flow, false);
    append_tcp(flow);
    append_facts(flow, reason);
    append_names(flow);
    if (const auto rate = flow.highest_rate()) put(field("packetsentry.flow.highest_rate"), *rate);
    put_if_any(field("packetsentry.flow.own_losses"), flow.lost_since(lost));
    end_row();
}

}  // namespace packetsentry::record
