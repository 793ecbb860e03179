#include "daemon/worker/saving.h"

#include <limits>
#include <utility>

#include "proto/link/deadline.h"

namespace packetsentry::worker {

using namespace std::chrono_literals;

namespace {

// As far as 64 bits reach.
std::int64_t later(std::int64_t time_ns, std::uint64_t duration_ns) {
    std::int64_t sum = 0;
    return __builtin_add_overflow(time_ns, duration_ns, &sum) ? std::numeric_limits<std::int64_t>::max()
                                                              : sum;
}

}  // namespace

Saving::Saving(CaptureMode mode, std::unique_ptr<capture::CaptureWriter> writer)
    : mode_(mode), writer_(std::move(writer)), active_(writer_ != nullptr) {}

void Saving::write(const capture::Packet& packet, Interfaces interfaces) {
    if (!active_) {
        ++not_saved_;
        return;
    }
    if (limits_ && is_full(packet)) {
        end_file(interfaces, packet.time_ns);
        if (!active_) {
            ++not_saved_;
            return;
        }
    }
    if (limits_ && !file_ends_ns_ && packet.has_time && mode_ == CaptureMode::file)
        file_ends_ns_ = later(packet.time_ns, limits_->duration_ns());
    const std::uint64_t before = writer_->output().packets();
    auto written = writer_->write(packet, interfaces);
    if (written) return;
    fail(written.error());
    if (writer_->output().packets() == before) ++not_saved_;
}

void Saving::limit_files(const wire::FileLimits& limits, capture::OutputBuffer::NextFile next_file) {
    if (!writer_) return;
    limits_ = limits;
    writer_->output().change_files_by(std::move(next_file));
}

void Saving::begin(Clock::time_point now, bool continued) {
    if (!active_ || !limits_) return;
    begin_file(now);
    if (continued) writer_->leave_file();
}

void Saving::begin_file(Clock::time_point now) {
    file_ends_ns_.reset();
    if (mode_ == CaptureMode::live && limits_->duration_ns() != 0)
        file_due_ = proto::deadline_after(now, limits_->duration_ns());
}

bool Saving::is_full(const capture::Packet& packet) const {
    const capture::OutputBuffer& output = writer_->output();
    const auto reached = [](std::uint64_t limit, std::uint64_t value) {
        return limit != 0 && value >= limit;
    };
    return reached(limits_->packets(), output.packets_of_file()) ||
           (limits_->bytes() != 0 && output.bytes_of_file() >= limits_->bytes()) ||
           (limits_->duration_ns() != 0 && file_ends_ns_ && packet.has_time &&
            packet.time_ns >= *file_ends_ns_);
}

void Saving::end_file(Interfaces interfaces, std::int64_t now_ns) {
    if (mode_ == CaptureMode::live) writer_->put_counts(interfaces, now_ns);
    begin_file(Clock::now());
    if (auto ended = writer_->end_file(interfaces); !ended) fail(ended.error());
}

void Saving::look(Clock::time_point now, Interfaces interfaces) {
    if (!active_ || !file_due_ || now < *file_due_) return;
    // Whoever opens the files is slow: there will not be one for each time that passes.
    if (writer_->output().changes_file()) return begin_file(now);
    const auto wall = std::chrono::system_clock::now().time_since_epoch();
    end_file(interfaces, std::chrono::duration_cast<std::chrono::nanoseconds>(wall).count());
}

bool Saving::wants_file() {
    if (!active_ || asked_ || !writer_->output().wants_file()) return false;
    asked_ = limits_.has_value();
    if (!asked_) writer_->output().give_file(base::UniqueFd());
    return asked_;
}

void Saving::give_file(base::Result<base::UniqueFd> next) {
    if (!std::exchange(asked_, false)) return;
    if (next && !*next) stay_in_file();
    writer_->output().give_file(std::move(next));
}

void Saving::replace_output(base::UniqueFd output) {
    if (writer_) writer_->output().replace(std::move(output));
}

void Saving::stay_in_file() {
    limits_.reset();
    file_due_.reset();
    if (std::exchange(asked_, false)) writer_->output().give_file(base::UniqueFd());
}

void Saving::complete() {
    if (active_) writer_->output().complete();
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
    complete();
    go_on(0ms);
    if (mode_ == CaptureMode::live) sync();
}

void Saving::go_on(std::chrono::milliseconds time) {
    if (!active_) return;
    if (auto flushed = writer_->output().flush_within(time); !flushed) return fail(flushed.error());
    // Nobody is asked for a file any more, so several that have ended are changed here.
    for (; !limits_ && writer_->output().wants_file(); (void)writer_->output().flush_within(time))
        writer_->output().give_file(base::UniqueFd());
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
    ended_ = writer_->output().ended();
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
    // Before the bytes, which include them.
    const auto ended = counts_kept_ ? ended_ : output.ended();
    ledger.set_ended_files(ended.files);
    ledger.set_ended_bytes(ended.bytes);
    ledger.set_not_saved(active_ ? output.packets_refused() + given_up_ : not_saved_);
    ledger.set_saved(counts_kept_ ? saved_ : output.packets_written());
    ledger.set_saved_bytes(counts_kept_ ? saved_bytes_ : output.bytes_written());
}

}  // namespace packetsentry::worker
