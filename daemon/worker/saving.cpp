#include "daemon/worker/saving.h"

#include <utility>

namespace packetsentry::worker {

using namespace std::chrono_literals;

Saving::Saving(CaptureMode mode, std::unique_ptr<capture::CaptureWriter> writer)
    : mode_(mode), writer_(std::move(writer)), active_(writer_ != nullptr) {}

void Saving::write(const capture::Packet& packet, Interfaces interfaces) {
    if (!active_) {
        ++not_saved_;
        return;
    }
    const std::uint64_t before = writer_->output().packets();
    auto written = writer_->write(packet, interfaces);
    if (written) return;
    fail(written.error());
    if (writer_->output().packets() == before) ++not_saved_;
}

void Saving::fail(base::Error error) {
    active_ = false;
    keep_counts();
    const capture::OutputBuffer& output = writer_->output();
    not_saved_ = output.packets() - saved_ + output.packets_refused();
    error_ = std::move(error);
}

void Saving::flush(Interfaces interfaces) {
    if (!active_) return;
    if (auto flushed = writer_->flush(interfaces); !flushed) fail(flushed.error());
}

void Saving::sync() {
    if (!active_) return;
    if (auto synced = writer_->output().sync(); !synced) fail(synced.error());
}

void Saving::end(Interfaces interfaces, std::int64_t now_ns) {
    if (!active_) return;
    if (mode_ == CaptureMode::live) writer_->put_counts(interfaces, now_ns);
    go_on(0ms);
    if (mode_ == CaptureMode::live) sync();
}

void Saving::go_on(std::chrono::milliseconds time) {
    if (!active_) return;
    if (auto flushed = writer_->output().flush_within(time); !flushed) fail(flushed.error());
}

void Saving::give_up(bool followed) {
    if (!active_) return;
    const auto given_up = writer_->output().give_up();
    keep_counts();
    given_up_ = writer_->output().packets() - saved_;
    if (!given_up)
        fail(given_up.error());
    else if (followed && writer_->output().in_block())
        fail({base::ErrorCode::file, "the output was given up in the middle of a packet"});
}

// A write that hangs may end at any time after this.
void Saving::keep_counts() {
    if (counts_kept_) return;
    counts_kept_ = true;
    saved_ = writer_->output().packets_written();
    saved_bytes_ = writer_->output().bytes_written();
}

std::optional<std::string> Saving::take_news(Clock::time_point now) {
    if (!active_) return std::nullopt;
    const auto news = slow_.news(now, writer_->output().packets_refused());
    if (!news) return std::nullopt;
    if (!news->over)
        return "the output is too slow for what is captured: packets are not saved until it accepts more";
    return "the output accepts all packets again; " + std::to_string(news->lost) +
           (news->lost == 1 ? " packet was" : " packets were") + " not saved";
}

std::optional<base::Error> Saving::take_error() {
    return std::exchange(error_, std::nullopt);
}

void Saving::count(wire::Ledger& ledger) const {
    if (!writer_) return;
    const capture::OutputBuffer& output = writer_->output();
    ledger.set_not_saved(active_ ? output.packets_refused() + given_up_ : not_saved_);
    ledger.set_saved(counts_kept_ ? saved_ : output.packets_written());
    ledger.set_saved_bytes(counts_kept_ ? saved_bytes_ : output.bytes_written());
}

}  // namespace packetsentry::worker
