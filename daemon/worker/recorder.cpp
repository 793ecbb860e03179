#include "daemon/worker/recorder.h"

#include <algorithm>
#include <ranges>
#include <utility>

namespace packetsentry::worker {
namespace {

using base::Result;
using Verdict = Analysis::Verdict;
using namespace std::chrono_literals;

// Half of the time after which the control process gives the rest up.
constexpr auto kToGiveAway = 500ms;

int socket_of(CaptureMode mode, const capture::PacketSource& source) {
    const auto sockets = source.wait_fds();
    return mode == CaptureMode::live && !sockets.empty() ? sockets.front() : -1;
}

}  // namespace

Recorder::Recorder(CaptureMode mode, capture::PacketSource& source,
                   std::unique_ptr<capture::CaptureWriter> writer, Link& link,
                   std::unique_ptr<redact::Redactor> redactor)
    : mode_(mode),
      link_(link),
      source_(source),
      analysis_(mode, source.interfaces().size(), std::move(redactor)),
      saving_(mode, std::move(writer)),
      names_(socket_of(mode, source)),
      batches_(mode, link) {
    keeping_.take_rows_of(batches_.open_batch());
}

void Recorder::make_flows(FlowRows::Wanted wanted, bool masked, std::uint64_t bytes) {
    flows_ = std::make_unique<FlowRows>(mode_, wanted, masked, bytes, source_, names_, analysis_.quic(),
                                        keeping_, link_);
    derived_.push_back(flows_.get());
    share_names();
}

void Recorder::make_transactions(wire::Table table) {
    auto rows = make_transaction_rows({mode_, source_, names_, keeping_, link_}, table);
    if (!rows) return;
    derived_.push_back(rows.get());
    transactions_.push_back(std::move(rows));
    share_names();
}

void Recorder::share_names() {
    if (!flows_) return;
    batches_.take_names_from(flows_->names());
    keeping_.take_names_from(flows_->names());
    for (DerivedRows* const rows : derived()) rows->take_names_from(flows_->names());
}

bool Recorder::packet(const capture::Packet& captured) {
    ++taken_;
    if (flows_) flows_->look_ahead(captured);
    const Verdict verdict = analysis_.judge(captured);
    if (verdict == Verdict::recorded) take(captured);
    limit_reached_ = reaches_limit() || analysis_.is_beyond_all(captured.number);
    return !limit_reached_ && !batch_full() && !block_full();
}

void Recorder::take(const capture::Packet& captured) {
    capture::Packet packet = analysis_.dissect(captured);
    if (packet.number == 0) packet.number = taken_;
    const dissect::Dissection& dissection = analysis_.dissection();
    // Whether the packet will have a row is not known before the display filter was asked.
    const std::uint64_t number = display_ ? 0 : rows_ + 1;
    if (flows_) analysis_.note_tcp(flows_->take(packet, dissection, number));
    for (const auto& rows : transactions_) rows->take(packet, dissection, number);
    const std::string_view name = names_.name(dissection.interface_index);
    if (!display_) return record(packet, name);
    display_->add({packet, analysis_.dissected_bytes(), dissection.malformed, dissection.headers.tcp_notes},
                  dissection, source_.interfaces(), name);
}

void Recorder::record(const capture::Packet& packet, std::string_view interface_name) {
    const auto interfaces = source_.interfaces();
    const dissect::Dissection& dissection = analysis_.dissection();
    batches_.prepare(dissection);
    saving_.save(packet, interfaces);
    keeping_.keep(++rows_, packet, interfaces);
    batches_.append(packet, dissection, interfaces, interface_name);
}

// What waits behind the packet that reaches a limit came after the end of the capture. If the link breaks,
// the rest is saved, because the output file is still somebody's.
Result<void> Recorder::ask_display_filter() {
    if (waiting() == 0) return {};
    if (auto asked = display_->ask(); !asked) return asked;
    Result<void> outcome;
    while (const DisplayFilter::Waiting* const passed = display_->next()) {
        if (!outcome) {
            saving_.save(passed->packet, source_.interfaces());
            continue;
        }
        analysis_.dissect_again(*passed);
        record(passed->packet, names_.name(analysis_.dissection().interface_index));
        if (reaches_limit()) {
            limit_reached_ = true;
            display_->discard_rest();
            return {};
        }
        if (batches_.full()) outcome = cut_batch();
    }
    if (!outcome) saving_.flush(source_.interfaces());
    return outcome;
}

std::optional<Recorder::Clock::time_point> Recorder::cut_due() const {
    auto batch = batches_.cut_due();
    for (const DerivedRows* const rows : derived())
        if (const auto due = rows->cut_due()) batch = batch ? std::min(*batch, *due) : due;
    if (waiting() == 0 || mode_ == CaptureMode::file) return batch;
    const auto block = display_->since() + RowBatches::kBatchAge;
    return batch ? std::min(*batch, block) : block;
}

bool Recorder::reaches_limit() const {
    const RowBatches::Counts& counts = batches_.counts();
    // Nobody knows whether a packet above the rate would have passed the display filter.
    const std::uint64_t above_rate = display_ ? 0 : analysis_.shed();
    const std::uint64_t packets = counts.recorded + counts.shed + above_rate + batches_.rows();
    return (limits_.packets != 0 && packets >= limits_.packets) || saving_.has_reached(limits_.file_bytes);
}

Result<void> Recorder::cut() {
    if (auto asked = ask_display_filter(); !asked) return asked;
    if (auto cut = cut_batch(); !cut) return cut;
    return cut_derived();
}

Result<void> Recorder::end_derived() {
    if (derived_.empty()) return {};
    if (auto cut = this->cut(); !cut) return cut;
    for (bool all = false; !all;) {
        all = true;
        for (DerivedRows* const rows : derived()) all = rows->finish() && all;
        if (auto cut = cut_derived(); !cut) return cut;
    }
    return {};
}

// Conversations, which may be very many, were made first (Worker::choose_tables()), and come last here. The
// names of addresses go with them, so the kept rows take these before.
Result<void> Recorder::give_away() {
    if (auto cut = this->cut(); !cut) return cut;
    keeping_.end_block();
    const auto until = Clock::now() + kToGiveAway;
    for (DerivedRows* const rows : derived() | std::views::reverse)
        if (auto given = rows->give_away(until); !given) return given;
    return end_derived();
}

std::optional<std::string> Recorder::take_passed_news() {
    for (DerivedRows* const rows : derived())
        if (auto news = rows->take_news()) return news;
    return std::nullopt;
}

// No packet may wait for its row, or the ledger would not balance.
Result<void> Recorder::cut_derived() {
    for (DerivedRows* const rows : derived()) {
        if (rows->rows() == 0) continue;
        auto goes = rows->close();
        if (!goes) return std::unexpected(goes.error());
        if (!*goes) continue;
        if (auto sent = rows->send(ledger()); !sent) return sent;
    }
    return {};
}

Result<void> Recorder::cut_batch() {
    saving_.flush(source_.interfaces());
    if (batches_.rows() == 0) return {};
    keeping_.take_rows();  // of a batch that is shed too
    auto goes = batches_.close();
    if (!goes) return std::unexpected(goes.error());
    if (!*goes) return {};
    return batches_.send(ledger());
}

void Recorder::end_saving(std::int64_t now_ns) {
    last_counters_ = source_.counters();
    saving_.end(source_.interfaces(), now_ns);
    keeping_.end();
}

wire::Ledger Recorder::ledger() {
    const capture::SourceCounters counters = last_counters_ ? *last_counters_ : source_.counters();
    const std::uint64_t received = mode_ == CaptureMode::live ? counters.received : counters.delivered;
    // What waits for the display filter is as if it was still to be read.
    const std::uint64_t delivered = counters.delivered - waiting();
    const std::uint64_t known = counters.dropped_by_kernel + delivered;
    const RowBatches::Counts& rows = batches_.counts();
    wire::Ledger ledger;
    ledger.set_received(received);
    ledger.set_dropped_by_kernel(counters.dropped_by_kernel);
    ledger.set_unread(received > known ? received - known : 0);
    ledger.set_delivered(delivered);
    ledger.set_filtered(counters.filtered + analysis_.filtered() + (display_ ? display_->filtered() : 0));
    ledger.set_recorded(rows.recorded);
    ledger.set_shed(rows.shed + analysis_.shed());
    ledger.set_malformed(rows.malformed);
    ledger.set_bytes(rows.bytes);
    saving_.count(ledger);
    keeping_.count(ledger);
    for (const DerivedRows* const table : derived()) table->count(ledger);
    return ledger;
}

}  // namespace packetsentry::worker
