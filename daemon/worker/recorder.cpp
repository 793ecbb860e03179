#include "daemon/worker/recorder.h"

#include <algorithm>
#include <utility>

#include "daemon/capture/filter/packet_filter_program.h"
#include "daemon/dissect/dissect.h"
#include "daemon/worker/own_options.h"

namespace packetsentry::worker {
namespace {

using base::Result;
using namespace std::chrono_literals;

constexpr auto kBatchAge = 20ms;
// A batch of fewer packets is cut before its age, but only so often in a second: names and columns cost each
// batch as much as ten packets.
constexpr std::uint32_t kFewPackets = 64;
constexpr std::uint64_t kEarlyCuts = 100;
// Packets of one interface may be stamped by several processors.
constexpr std::uint64_t kReordered = 1'000'000'000;  // ns

int socket_of(Recorder::Mode mode, const capture::PacketSource& source) {
    const auto sockets = source.wait_fds();
    return mode == Recorder::Mode::live && !sockets.empty() ? sockets.front() : -1;
}

}  // namespace

Recorder::Recorder(Mode mode, capture::PacketSource& source, std::unique_ptr<capture::CaptureWriter> writer,
                   Link& link, std::unique_ptr<redact::Redactor> redactor)
    : mode_(mode),
      early_cuts_(kEarlyCuts, Clock::now()),
      source_(source),
      writer_(std::move(writer)),
      link_(link),
      redactor_(std::move(redactor)),
      names_(socket_of(mode, source)),
      saving_(writer_ != nullptr) {
    if (mode_ == Mode::live && writer_) writer_->never_wait();
    last_ns_.resize(source_.interfaces().size(), kNever);
}

// Dissects a packet as it was captured, where there are options to ask: redaction may take away what they ask
// about.
bool Recorder::is_asked_for(const capture::Packet& packet) {
    if (options_.passes_all()) return true;
    dissect::dissect(packet.frame, packet.wire_bytes, packet.link_type, dissection_);
    return passes(options_, dissection_, source_knew_more(packet) ? Unknown::passes : Unknown::fails);
}

// A live source's filter saw the packet before the snapshot length truncated it. And the program of a filter
// finds the ports of a header that is broken behind them, which the dissector believes nothing of.
bool Recorder::source_knew_more(const capture::Packet& packet) const {
    const bool truncated = mode_ == Mode::live && packet.frame.size() < packet.wire_bytes;
    const bool broken = dissection_.malformed && dissection_.network != dissect::Network::none;
    return (truncated || broken) && capture::has_packet_filter_program(packet.link_type);
}

// Dissects a packet, unless is_asked_for() has, and returns what of it may be recorded.
capture::Packet Recorder::dissect(const capture::Packet& packet) {
    capture::Packet kept = packet;
    if (redactor_)
        kept.frame = redactor_->redact(packet.frame, packet.wire_bytes, packet.link_type, dissection_);
    else if (options_.passes_all())
        dissect::dissect(packet.frame, packet.wire_bytes, packet.link_type, dissection_);
    return kept;
}

bool Recorder::packet(const capture::Packet& captured) {
    if (!is_asked_for(captured)) {
        ++not_asked_for_;
        return true;
    }
    const bool time_back = goes_back(captured);
    if (is_other_workers(captured)) {
        ++other_workers_;
        return true;
    }
    if (rate_ && !rate_->take(Clock::now())) {
        ledger_.set_shed(ledger_.shed() + 1);
        limit_reached_ = reaches_limit();
        return !limit_reached_;
    }
    capture::Packet packet = dissect(captured);
    packet.time_back = time_back;
    save(packet);
    if (builder_.rows() == 0 && mode_ == Mode::live) opened_ = Clock::now();
    builder_.append(packet, dissection_, source_.interfaces(), names_.name(dissection_.interface_index));
    open_bytes_ += packet.wire_bytes;
    open_malformed_ += dissection_.malformed ? 1 : 0;
    limit_reached_ = reaches_limit();
    return !limit_reached_ && !builder_.full();
}

bool Recorder::is_other_workers(const capture::Packet& packet) const {
    if (!packet.has_time) return false;
    return packet.time_ns < from_ns_ || (until_ns_ && packet.time_ns >= *until_ns_);
}

bool Recorder::reaches_limit() const {
    const std::uint64_t packets = ledger_.recorded() + ledger_.shed() + builder_.rows();
    return (limits_.packets != 0 && packets >= limits_.packets) ||
           (limits_.file_bytes != 0 && writer_ && writer_->bytes() >= limits_.file_bytes);
}

bool Recorder::goes_back(const capture::Packet& packet) {
    if (!packet.has_time) return false;
    // A file may describe further interfaces on its way.
    if (packet.interface >= last_ns_.size()) last_ns_.resize(packet.interface + std::size_t{1}, kNever);
    std::int64_t& last = last_ns_[packet.interface];
    // Unsigned: a hostile file's times are anywhere.
    const auto by = static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(packet.time_ns);
    const bool back = packet.time_ns < last && by > kReordered;
    last = packet.time_ns;
    return back;
}

bool Recorder::all_reached(std::int64_t time_ns) const {
    return std::ranges::all_of(last_ns_, [time_ns](std::int64_t last) { return last >= time_ns; });
}

void Recorder::save(const capture::Packet& packet) {
    if (!writer_) return;
    if (!saving_) {
        ledger_.set_not_saved(ledger_.not_saved() + 1);
        return;
    }
    if (auto written = writer_->write(packet, source_.interfaces()); !written) save_failed(written.error());
}

void Recorder::save_failed(base::Error error) {
    saving_ = false;
    ledger_.set_not_saved(writer_->packets() - writer_->packets_written() + writer_->packets_refused());
    save_error_ = std::move(error);
}

void Recorder::end_saving(std::int64_t now_ns) {
    last_counters_ = source_.counters();
    if (!saving_) return;
    if (mode_ == Mode::live) writer_->put_counts(source_.interfaces(), now_ns);
    save_on(0ms);
    if (mode_ == Mode::live) sync_saved();
}

void Recorder::save_on(std::chrono::milliseconds time) {
    if (!saving_) return;
    if (auto flushed = writer_->flush_within(time); !flushed) save_failed(flushed.error());
}

void Recorder::sync_saved() {
    if (!writer_ || !saving_) return;
    if (auto synced = writer_->sync(); !synced) save_failed(synced.error());
}

std::optional<base::Error> Recorder::take_save_error() {
    return std::exchange(save_error_, std::nullopt);
}

Result<void> Recorder::cut() {
    if (writer_ && saving_) {
        if (auto flushed = writer_->flush(source_.interfaces()); !flushed) save_failed(flushed.error());
    }
    if (builder_.rows() == 0) return {};
    return send_open_batch();
}

Result<void> Recorder::send_open_batch() {
    const std::uint32_t rows = builder_.rows();
    const std::uint64_t bytes = std::exchange(open_bytes_, 0);
    const std::uint64_t malformed = std::exchange(open_malformed_, 0);
    if (!link_.has_room()) {
        if (mode_ == Mode::live) {
            builder_.discard();
            ledger_.set_shed(ledger_.shed() + rows);
            return {};
        }
        if (auto drained = link_.drain(); !drained) return drained;
    }
    ledger_.set_recorded(ledger_.recorded() + rows);
    ledger_.set_bytes(ledger_.bytes() + bytes);
    ledger_.set_malformed(ledger_.malformed() + malformed);
    return link_.send_rows(ledger(), builder_.seal());
}

std::optional<Recorder::Clock::time_point> Recorder::cut_due() const {
    if (builder_.rows() == 0 || mode_ == Mode::file) return std::nullopt;
    return opened_ + kBatchAge;
}

bool Recorder::cuts_at_once() {
    const bool few = builder_.rows() != 0 && builder_.rows() <= kFewPackets;
    return mode_ == Mode::live && few && early_cuts_.take(Clock::now());
}

wire::Ledger Recorder::ledger() {
    const capture::SourceCounters counters = last_counters_ ? *last_counters_ : source_.counters();
    ledger_.set_received(mode_ == Mode::live ? counters.received : counters.delivered);
    ledger_.set_dropped_by_kernel(counters.dropped_by_kernel);
    ledger_.set_delivered(counters.delivered);
    const std::uint64_t known = ledger_.dropped_by_kernel() + ledger_.delivered();
    ledger_.set_unread(ledger_.received() > known ? ledger_.received() - known : 0);
    ledger_.set_filtered(counters.filtered + other_workers_ + not_asked_for_);
    if (writer_) {
        if (saving_) ledger_.set_not_saved(writer_->packets_refused() + given_up_);
        ledger_.set_saved(writer_->packets_written());
        ledger_.set_saved_bytes(writer_->bytes());
    }
    return ledger_;
}

}  // namespace packetsentry::worker
