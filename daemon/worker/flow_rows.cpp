#include "daemon/worker/flow_rows.h"

#include <algorithm>

#include "daemon/dissect/application/quic_connections.h"
#include "daemon/flows/usual_frame.h"
#include "daemon/worker/secret_number.h"
#include "proto/link/worker_reader.h"

namespace packetsentry::worker {
namespace {

using base::Result;

std::int64_t packet_clock_ns() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

flows::FlowTable::Limits limits_for(FlowRows::Wanted wanted, std::uint64_t bytes) {
    flows::FlowTable::Limits limits;
    if (bytes != 0) limits.bytes = bytes;
    if (wanted == FlowRows::Wanted::only_notes) limits.name_bytes = 0;
    return limits;
}

}  // namespace

FlowRows::FlowRows(CaptureMode mode, Wanted wanted, bool masked, std::uint64_t bytes,
                   capture::PacketSource& source, InterfaceNames& names, dissect::QuicConnections* quic,
                   Keeping& keeping, Link& link)
    : DerivedRows({mode, source, names, keeping, link}, wire::TABLE_FLOWS, {builder_, kept_}, kFull),
      wanted_(wanted),
      masked_(masked),
      source_(source),
      quic_(quic),
      table_(limits_for(wanted, bytes), {}, secret_number(), *this),
      builder_(!masked),
      kept_(!masked) {
    if (live()) now_ns_ = nanoseconds(Clock::now());
}

// The frame does not say what addresses will be masked to.
void FlowRows::look_ahead(const capture::Packet& packet) {
    if (!masked_) table_.expect(flows::key_of_usual_frame(packet.next_frame, packet.link_type));
}

std::uint8_t FlowRows::take(const capture::Packet& packet, const dissect::Dissection& dissection,
                            std::uint64_t number) {
    // A packet without a time is as old as the one before.
    if (!live() && packet.has_time) now_ns_ = std::max(now_ns_, packet.time_ns);
    std::uint8_t notes = flows::kTcpNothing;
    table_.fetch_expected();
    for (flows::FlowPacket& level :
         reader_.read_levels(dissection, packet.has_time ? packet.time_ns : now_ns_, number)) {
        level.interface = packet.interface;
        level.lost_before = losses_.before(level.time_ns);
        notes |= table_.take(level, now_ns_).notes;
    }
    table_.learn_names(dissection);
    return notes;
}

void FlowRows::look(Clock::time_point now) {
    if (!live()) return;
    if (losses_.due(now)) count_losses(now);
    if (full()) return;
    now_ns_ = nanoseconds(now);
    table_.advance(now_ns_);
}

// A conversation that ended between two counts may show fewer losses than there were, and the next one more.
void FlowRows::count_losses(Clock::time_point now) {
    losses_.tell(source_.counters().dropped_by_kernel, packet_clock_ns(), now);
}

void FlowRows::flow(const flows::Flow& flow, flows::FlowReason reason) {
    if (wanted_ != Wanted::rows) return;
    const Place place = place_of(flow.interface(), flow.interface_index());
    add_row(builder_, kept_, [&](record::FlowBatchBuilder& builder) {
        builder.append(flow, reason, place.name, place.link_type, losses_.all());
    });
}

bool FlowRows::finish() {
    if (live()) count_losses(Clock::now());
    return !full() && table_.finish(kFinished);
}

// What the kernel has lost since the losses were counted last may belong to the next worker.
Result<void> FlowRows::give_away(Clock::time_point until) {
    static_assert(kPieceBytes + flows::FlowTable::kMostPassed < proto::WorkerReader::kPassedLimit);
    bool flows = true;
    return send_pieces(until, [&](wire::PassedState& passed) {
        if (!flows) return !table_.give_names_away(*passed.mutable_names(), kPieceBytes);
        flows = !table_.give_away(*passed.mutable_flows(), kPieceBytes, losses_.all());
        return true;
    });
}

void FlowRows::adopt(const wire::PassedState& passed) {
    now_ns_ = nanoseconds(Clock::now());
    if (!table_.adopt(passed.flows(), interfaces_of(passed), losses_.all(), now_ns_)) note_damage();
    if (!table_.adopt_names(passed.names())) note_damage();
}

// The beginning of the connection, which tells that it is one of QUIC, was seen by another worker.
void FlowRows::adopted(const flows::Flow& flow) {
    const auto is_quic = [](const dissect::Protocol* service) { return service->name == "quic"; };
    if (quic_ == nullptr || !std::ranges::any_of(flow.services(), is_quic)) return;
    quic_->note({flow.originator().address, flow.originator().port},
                {flow.responder().address, flow.responder().port});
}

}  // namespace packetsentry::worker
