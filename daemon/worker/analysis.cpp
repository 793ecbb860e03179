#include "daemon/worker/analysis.h"

#include <algorithm>

#include "daemon/capture/filter/packet_filter_program.h"
#include "daemon/dissect/dissect.h"
#include "daemon/worker/own_options.h"
#include "daemon/worker/secret_number.h"

namespace packetsentry::worker {
namespace {

// Packets of one interface may be stamped by several processors.
constexpr std::uint64_t kReordered = 1'000'000'000;  // ns

}  // namespace

Analysis::Analysis(CaptureMode mode, std::size_t interfaces, std::unique_ptr<redact::Redactor> redactor)
    : mode_(mode), redactor_(std::move(redactor)), quic_(secret_number()), last_ns_(interfaces, kNever) {
    // What a redacted packet may not tell, the next one may not tell of it.
    if (!redactor_) dissection_.quic = &quic_;
}

Analysis::Verdict Analysis::judge(const capture::Packet& packet) {
    const bool is_other = only_place_ != 0 && packet.number != only_place_;
    if (is_other || !is_asked_for(packet)) {
        ++filtered_;
        return Verdict::filtered;
    }
    time_back_ = goes_back(packet);
    if (is_other_workers(packet)) {
        ++filtered_;
        return Verdict::filtered;
    }
    if (rate_ && !rate_->take(Clock::now())) {
        ++shed_;
        return Verdict::shed;
    }
    return Verdict::recorded;
}

// Dissects a packet as it was captured, where there are options to ask: redaction may take away what they ask
// about.
bool Analysis::is_asked_for(const capture::Packet& packet) {
    if (options_.passes_all()) return true;
    dissect::dissect(packet.frame, packet.wire_bytes, packet.link_type, dissection_);
    return passes(options_, dissection_, source_knew_more(packet) ? Unknown::passes : Unknown::fails);
}

// A live source's filter saw the packet before the snapshot length truncated it. And the program of a filter
// finds the ports of a header that is broken behind them, which the dissector believes nothing of.
bool Analysis::source_knew_more(const capture::Packet& packet) const {
    const bool truncated = mode_ == CaptureMode::live && packet.frame.size() < packet.wire_bytes;
    const bool broken = dissection_.malformed && dissection_.network != dissect::Network::none;
    return (truncated || broken) && capture::has_packet_filter_program(packet.link_type);
}

bool Analysis::goes_back(const capture::Packet& packet) {
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

bool Analysis::is_other_workers(const capture::Packet& packet) const {
    if (!packet.has_time) return false;
    return packet.time_ns < from_ns_ || (until_ns_ && packet.time_ns >= *until_ns_);
}

// is_asked_for() has dissected the packet already, where there are options; but redaction has what it leaves
// dissected.
capture::Packet Analysis::dissect(const capture::Packet& packet) {
    capture::Packet kept = packet;
    kept.next_frame = {};
    kept.time_back = time_back_;
    dissected_bytes_ =
        redactor_ ? std::max<std::size_t>(packet.wire_bytes, packet.frame.size()) : packet.wire_bytes;
    if (redactor_)
        kept.frame = redactor_->redact(packet.frame, packet.wire_bytes, packet.link_type, dissection_);
    else if (options_.passes_all())
        dissect::dissect(packet.frame, packet.wire_bytes, packet.link_type, dissection_);
    return kept;
}

// Whether a redacted packet was malformed is known of the whole frame only.
void Analysis::dissect_again(const DisplayFilter::Waiting& waiting) {
    dissect::dissect(waiting.packet.frame, waiting.dissected_bytes, waiting.packet.link_type, dissection_);
    dissection_.malformed = waiting.malformed;
    dissection_.headers.tcp_notes = waiting.tcp_notes;
}

bool Analysis::all_reached(std::int64_t time_ns) const {
    return std::ranges::all_of(last_ns_, [time_ns](std::int64_t last) { return last >= time_ns; });
}

}  // namespace packetsentry::worker
