#include "daemon/worker/flow_rows.h"

#include "daemon/worker/secret_number.h"

namespace packetsentry::worker {
namespace {

using base::Result;

std::int64_t nanoseconds(FlowRows::Clock::time_point time) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

}  // namespace

FlowRows::FlowRows(CaptureMode mode, Wanted wanted, bool masked, const capture::PacketSource& source,
                   InterfaceNames& names, Keeping& keeping, Link& link)
    : mode_(mode),
      wanted_(wanted),
      source_(source),
      names_(names),
      keeping_(keeping),
      link_(link),
      table_({}, {}, secret_number(), *this),
      builder_(!masked) {
    if (mode_ == CaptureMode::live) now_ns_ = nanoseconds(Clock::now());
}

std::uint8_t FlowRows::take(const capture::Packet& packet, const dissect::Dissection& dissection,
                            std::uint64_t number) {
    // A packet without a time is as old as the one before.
    if (mode_ == CaptureMode::file && packet.has_time) now_ns_ = std::max(now_ns_, packet.time_ns);
    std::uint8_t notes = flows::kTcpNothing;
    for (flows::FlowPacket& level :
         reader_.read_levels(dissection, packet.has_time ? packet.time_ns : now_ns_, number)) {
        level.interface = packet.interface;
        notes |= table_.take(level, now_ns_).notes;
    }
    return notes;
}

void FlowRows::look(Clock::time_point now) {
    if (mode_ == CaptureMode::file || full()) return;
    now_ns_ = nanoseconds(now);
    table_.advance(now_ns_);
}

void FlowRows::flow(const flows::Flow& flow, flows::FlowReason reason) {
    if (wanted_ == Wanted::only_notes) return;
    if (builder_.rows() == 0 && mode_ == CaptureMode::live) opened_ = Clock::now();
    const auto interfaces = source_.interfaces();
    const bool known = flow.interface() < interfaces.size();
    std::string_view name = names_.name(flow.interface_index());
    if (name.empty() && known) name = interfaces[flow.interface()].name;
    const std::uint32_t link_type = known ? interfaces[flow.interface()].link_type : 0;
    keeping_.keep_flow(builder_.next_number(), flow, reason, name, link_type);
    builder_.append(flow, reason, name, link_type);
}

std::optional<FlowRows::Clock::time_point> FlowRows::cut_due() const {
    if (builder_.rows() == 0 || mode_ == CaptureMode::file) return std::nullopt;
    return opened_ + kBatchAge;
}

Result<bool> FlowRows::close() {
    const std::uint32_t rows = builder_.rows();
    if (!link_.has_room()) {
        if (mode_ == CaptureMode::live) {
            builder_.discard();
            shed_ += rows;
            return false;
        }
        if (auto drained = link_.drain(); !drained) return std::unexpected(drained.error());
    }
    sent_ += rows;
    return true;
}

Result<void> FlowRows::send(const wire::Ledger& ledger) {
    return link_.send_rows(ledger, builder_.seal());
}

bool FlowRows::finish() {
    bool all = false;
    while (!all && !full()) all = table_.finish(flows::FlowTable::kMostShown);
    return all;
}

void FlowRows::count(wire::Ledger& ledger) const {
    ledger.set_flows(sent_);
    ledger.set_flows_shed(shed_);
    ledger.set_flows_evicted(table_.evicted());
}

}  // namespace packetsentry::worker
