#include "daemon/worker/recorder.h"

#include <utility>

namespace packetsentry::worker {
namespace {

using base::Result;
using Verdict = Analysis::Verdict;

int socket_of(CaptureMode mode, const capture::PacketSource& source) {
    const auto sockets = source.wait_fds();
    return mode == CaptureMode::live && !sockets.empty() ? sockets.front() : -1;
}

}  // namespace

Recorder::Recorder(CaptureMode mode, capture::PacketSource& source,
                   std::unique_ptr<capture::CaptureWriter> writer, Link& link,
                   std::unique_ptr<redact::Redactor> redactor)
    : mode_(mode),
      source_(source),
      analysis_(mode, source.interfaces().size(), std::move(redactor)),
      saving_(mode, std::move(writer)),
      batches_(mode, socket_of(mode, source), link) {}

bool Recorder::packet(const capture::Packet& captured) {
    const Verdict verdict = analysis_.judge(captured);
    if (verdict == Verdict::filtered) return true;
    if (verdict == Verdict::recorded) record(captured);
    limit_reached_ = reaches_limit();
    return !limit_reached_ && !batches_.full();
}

void Recorder::record(const capture::Packet& captured) {
    const capture::Packet packet = analysis_.dissect(captured);
    const auto interfaces = source_.interfaces();
    saving_.save(packet, interfaces);
    batches_.append(packet, analysis_.dissection(), interfaces);
}

bool Recorder::reaches_limit() const {
    const RowBatches::Counts& counts = batches_.counts();
    const std::uint64_t packets = counts.recorded + counts.shed + analysis_.shed() + batches_.rows();
    return (limits_.packets != 0 && packets >= limits_.packets) || saving_.has_reached(limits_.file_bytes);
}

Result<void> Recorder::cut() {
    saving_.flush(source_.interfaces());
    if (batches_.rows() == 0) return {};
    auto goes = batches_.close();
    if (!goes) return std::unexpected(goes.error());
    if (!*goes) return {};
    return batches_.send(ledger());
}

void Recorder::end_saving(std::int64_t now_ns) {
    last_counters_ = source_.counters();
    saving_.end(source_.interfaces(), now_ns);
}

wire::Ledger Recorder::ledger() {
    const capture::SourceCounters counters = last_counters_ ? *last_counters_ : source_.counters();
    const std::uint64_t received = mode_ == CaptureMode::live ? counters.received : counters.delivered;
    const std::uint64_t known = counters.dropped_by_kernel + counters.delivered;
    const RowBatches::Counts& rows = batches_.counts();
    wire::Ledger ledger;
    ledger.set_received(received);
    ledger.set_dropped_by_kernel(counters.dropped_by_kernel);
    ledger.set_unread(received > known ? received - known : 0);
    ledger.set_delivered(counters.delivered);
    ledger.set_filtered(counters.filtered + analysis_.filtered());
    ledger.set_recorded(rows.recorded);
    ledger.set_shed(rows.shed + analysis_.shed());
    ledger.set_malformed(rows.malformed);
    ledger.set_bytes(rows.bytes);
    saving_.count(ledger);
    return ledger;
}

}  // namespace packetsentry::worker
