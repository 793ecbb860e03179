#include "daemon/capture/file/output_buffer.h"

#include <utility>

namespace packetsentry::capture {

using namespace std::chrono_literals;

namespace {

constexpr auto kMoment = 5ms;

}  // namespace

OutputBuffer::OutputBuffer(base::UniqueFd output, Compression compression)
    : file_(std::make_shared<OutputFile>(std::move(output), compression)),
      backlog_(file_->ordinary() ? kFileBacklog : kPipeBacklog) {
    open_.reserve();
    begin_piece();
}

void OutputBuffer::write_in_background() {
    thread_.emplace(file_);
}

void OutputBuffer::end_block(bool packet) {
    open_.end_block(packet);
    bytes_ += open_.bytes.size() - std::exchange(block_begin_, open_.bytes.size());
    if (packet) ++packets_;
}

void OutputBuffer::fail(base::Result<void> state) {
    state_ = std::move(state);
    open_.clear();
    block_begin_ = 0;
}

// The clock is read only where it matters.
bool OutputBuffer::is_worth_a_piece() const {
    return !file_->compresses() || open_.full() || std::chrono::steady_clock::now() >= piece_due_;
}

// Chunks are large where the output is slow: so the queue is short, however often this is called.
base::Result<void> OutputBuffer::hand_over() {
    if (thread_ && state_) {
        if (auto state = thread_->state(); !state) fail(std::move(state));
    }
    if (!state_ || !is_worth_a_piece()) return state_;
    if (!thread_)
        write_here();
    else if (open_.full() || thread_->queue_is_empty())
        give_to_thread();
    return state_;
}

void OutputBuffer::write_here() {
    if (!open_.empty() && std::exchange(stays_, false)) {
        file_->leave_out(open_.head_bytes);
        open_.leave_out_head();
    }
    auto written = file_->write(open_, nullptr);
    open_.clear();
    begin_piece();
    if (!written) fail(std::move(written));
}

void OutputBuffer::end_file() {
    if (!state_) return;
    ++changes_;
    packets_before_ = packets_;
    bytes_before_ = bytes_;
    if (!thread_) return change_here();
    // A chunk of full size for each of many small files would need much memory.
    open_.ends_file = true;
    open_ = thread_->give(std::move(open_));
    begin_piece();
}

void OutputBuffer::change_here() {
    write_here();
    if (!state_) return;
    auto next = next_file_ ? next_file_() : base::UniqueFd();
    if (!next) return fail(std::unexpected(std::move(next.error())));
    stays_ = !*next;
    if (stays_)
        file_->stay();
    else if (auto changed = file_->change_to(std::move(*next), false); !changed)
        fail(std::move(changed));
}

void OutputBuffer::complete() {
    if (std::exchange(completed_, true) || !state_ || !file_->compresses()) return;
    if (!thread_) {
        write_here();
        if (!state_) return;
        if (auto completed = file_->complete(nullptr); !completed) fail(std::move(completed));
        return;
    }
    open_.ends_output = true;
    open_ = thread_->give(std::move(open_));
    begin_piece();
}

std::uint64_t OutputBuffer::bytes_of_file() const {
    if (!file_->compresses()) return bytes_ - bytes_before_;
    const OutputFile::Ended ended = file_->ended();
    return ended.changes == changes_ ? file_->bytes_written() - ended.bytes_at_change : 0;
}

void OutputBuffer::begin_piece() {
    block_begin_ = 0;
    if (file_->compresses()) piece_due_ = std::chrono::steady_clock::now() + kPieceAge;
}

base::Result<void> OutputBuffer::flush() {
    if (auto handed = hand_over(); !handed || !thread_) return handed;
    stalls_ = !thread_->written_within(stalls_ ? 0ms : kMoment);
    if (auto state = thread_->state(); !state) fail(std::move(state));
    return state_;
}

void OutputBuffer::give_to_thread() {
    if (open_.empty()) return;
    open_ = thread_->give(std::move(open_));
    open_.reserve();
    begin_piece();
}

base::Result<void> OutputBuffer::flush_within(std::chrono::milliseconds time) {
    if (!state_) return state_;
    if (!thread_) {
        write_here();
        return state_;
    }
    give_to_thread();
    (void)thread_->done_within(time);
    if (auto state = thread_->state(); !state) fail(std::move(state));
    return state_;
}

base::Result<void> OutputBuffer::sync() {
    if (!state_) return state_;
    if (thread_)
        thread_->ask_sync();
    else if (auto synced = file_->sync(); !synced)
        fail(std::move(synced));
    return state_;
}

base::Result<void> OutputBuffer::give_up() {
    if (!thread_ || !state_) return state_;
    thread_->give_up();
    if (auto state = thread_->state(); !state) fail(std::move(state));
    return state_;
}

bool OutputBuffer::settled() {
    return !state_ || !thread_ || (open_.empty() && thread_->done_within(0ms));
}

}  // namespace packetsentry::capture
