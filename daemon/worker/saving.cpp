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
    if (auto written = writer_->write(packet, interfaces); !written) fail(written.error());
}

void Saving::fail(base::Error error) {
    active_ = false;
    const capture::OutputBuffer& output = writer_->output();
    not_saved_ = output.packets() - output.packets_written() + output.packets_refused();
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

void Saving::give_up() {
    if (!active_) return;
    writer_->output().give_up();
    given_up_ = packets_waiting();
}

std::optional<std::string> Saving::take_news(Clock::time_point now) {
    if (!active_) return std::nullopt;
    return slow_.news(now, writer_->output().packets_refused());
}

std::optional<base::Error> Saving::take_error() {
    return std::exchange(error_, std::nullopt);
}

void Saving::count(wire::Ledger& ledger) const {
    if (!writer_) return;
    const capture::OutputBuffer& output = writer_->output();
    ledger.set_not_saved(active_ ? output.packets_refused() + given_up_ : not_saved_);
    ledger.set_saved(output.packets_written());
    ledger.set_saved_bytes(output.bytes_written());
}

}  // namespace packetsentry::worker
