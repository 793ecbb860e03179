#include "daemon/worker/saving.h"

#include <utility>

namespace packetsentry::worker {

using namespace std::chrono_literals;

Saving::Saving(CaptureMode mode, std::unique_ptr<capture::CaptureWriter> writer)
    : mode_(mode), writer_(std::move(writer)), active_(writer_ != nullptr) {
    if (mode_ == CaptureMode::live && writer_) writer_->never_wait();
}

void Saving::write(const capture::Packet& packet, Interfaces interfaces) {
    if (!active_) {
        ++not_saved_;
        return;
    }
    if (auto written = writer_->write(packet, interfaces); !written) fail(written.error());
}

void Saving::fail(base::Error error) {
    active_ = false;
    not_saved_ = writer_->packets() - writer_->packets_written() + writer_->packets_refused();
    error_ = std::move(error);
}

void Saving::flush(Interfaces interfaces) {
    if (!active_) return;
    if (auto flushed = writer_->flush(interfaces); !flushed) fail(flushed.error());
}

void Saving::sync() {
    if (!active_) return;
    if (auto synced = writer_->sync(); !synced) fail(synced.error());
}

void Saving::end(Interfaces interfaces, std::int64_t now_ns) {
    if (!active_) return;
    if (mode_ == CaptureMode::live) writer_->put_counts(interfaces, now_ns);
    go_on(0ms);
    if (mode_ == CaptureMode::live) sync();
}

void Saving::go_on(std::chrono::milliseconds time) {
    if (!active_) return;
    if (auto flushed = writer_->flush_within(time); !flushed) fail(flushed.error());
}

std::optional<base::Error> Saving::take_error() {
    return std::exchange(error_, std::nullopt);
}

void Saving::count(wire::Ledger& ledger) const {
    if (!writer_) return;
    ledger.set_not_saved(active_ ? writer_->packets_refused() + given_up_ : not_saved_);
    ledger.set_saved(writer_->packets_written());
    ledger.set_saved_bytes(writer_->bytes());
}

}  // namespace packetsentry::worker
