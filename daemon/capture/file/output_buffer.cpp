#include "daemon/capture/file/output_buffer.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include "daemon/base/local_file.h"
#include "daemon/base/syscall.h"

namespace packetsentry::capture {
namespace {

constexpr const char* kTruncated =
    "the output file was truncated by somebody else; it no longer has all that was saved to it";
constexpr std::size_t kBlockReserve = 64 * 1024;  // what is left over for the block that fills the buffer

void wait_writable(int fd) {
    pollfd entry{fd, POLLOUT, 0};
    (void)::poll(&entry, 1, -1);
}

bool is_ordinary(int fd) {
    struct stat status {};
    return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

OutputBuffer::OutputBuffer(base::UniqueFd output)
    : output_(std::move(output)),
      ordinary_(is_ordinary(output_.get())),
      size_is_known_(ordinary_ && base::is_local(output_.get())) {
    buffer_.reserve(kBytes + kBlockReserve);
}

void OutputBuffer::end_block(bool packet) {
    blocks_.push_back({buffer_.size(), packet});
    bytes_ += buffer_.size() - std::exchange(block_begin_, buffer_.size());
    if (packet) ++packets_;
}

base::Result<void> OutputBuffer::flush() {
    if (!state_) return state_;
    if (is_truncated()) {
        state_ = base::fail(base::ErrorCode::file, kTruncated);
    } else {
        state_ = write_all();
        if (!state_) keep_whole_blocks();
    }
    forget_written();
    // There will be no other sync.
    if (!state_) (void)reaches_disk();
    return state_;
}

bool OutputBuffer::reaches_disk() {
    const bool reached = !ordinary_ || ::fdatasync(output_.get()) == 0;
    if (reached)
        packets_synced_ = packets_written_;
    else
        packets_written_ = packets_synced_;
    return reached;
}

base::Result<void> OutputBuffer::flush_within(std::chrono::milliseconds time) {
    const auto deadline = std::chrono::steady_clock::now() + time;
    for (;;) {
        if (auto flushed = flush(); !flushed || empty()) return flushed;
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) return {};
        pollfd entry{output_.get(), POLLOUT, 0};
        (void)::poll(&entry, 1, static_cast<int>(left.count()));
    }
}

base::Result<void> OutputBuffer::sync() {
    if (state_ && !reaches_disk())
        state_ = base::fail(base::ErrorCode::file, base::syscall_text("write the packets to the disk"));
    return state_;
}

// Its descriptor's flags are shared with the user, and so not ours to set: a pipe that is writable takes at
// least PIPE_BUF without waiting.
base::Result<void> OutputBuffer::write_all() {
    while (written_ < buffer_.size()) {
        if (!waits_ && !takes_now()) return {};
        const std::size_t left = buffer_.size() - written_;
        const ssize_t size = ::write(output_.get(), buffer_.data() + written_,
                                     waits_ ? left : std::min<std::size_t>(left, PIPE_BUF));
        if (size >= 0)
            written_ += static_cast<std::size_t>(size);
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            wait_writable(output_.get());
        else if (errno != EINTR)
            return base::fail(base::ErrorCode::file, base::syscall_text("write the packets"));
    }
    return {};
}

bool OutputBuffer::takes_now() const {
    pollfd entry{output_.get(), POLLOUT, 0};
    return ::poll(&entry, 1, 0) > 0;
}

// The descriptor still stands where the last block ended, so a further one would leave a hole before it: a
// file that nobody can read. A file system for which somebody else answers is not asked, as it may know the
// size of a moment ago, or not answer.
bool OutputBuffer::is_truncated() const {
    if (!size_is_known_) return false;
    const off_t here = ::lseek(output_.get(), 0, SEEK_CUR);
    const off_t end = ::lseek(output_.get(), 0, SEEK_END);
    (void)::lseek(output_.get(), here, SEEK_SET);
    return here >= 0 && end >= 0 && end < here;
}

// Removes the blocks that were written. After a failure it removes all, because nothing more is written then.
void OutputBuffer::forget_written() {
    std::size_t done = 0;
    while (done < blocks_.size() && blocks_[done].end <= written_) packets_written_ += blocks_[done++].packet;
    if (!state_ || written_ == buffer_.size()) {
        buffer_.clear();
        blocks_.clear();
        block_begin_ = 0;
        written_ = 0;
        return;
    }
    // Now and then, so that a slow reader does not cost a copy of all each time.
    if (written_ < kBytes) {
        blocks_.erase(blocks_.begin(), blocks_.begin() + static_cast<std::ptrdiff_t>(done));
        return;
    }
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(written_));
    blocks_.erase(blocks_.begin(), blocks_.begin() + static_cast<std::ptrdiff_t>(done));
    for (Block& block : blocks_) block.end -= written_;
    block_begin_ -= written_;
    written_ = 0;
}

// A block that was begun would make the whole file a damaged one.
void OutputBuffer::keep_whole_blocks() {
    if (!ordinary_) return;
    std::size_t whole = 0;
    for (const Block& block : blocks_)
        if (block.end <= written_) whole = block.end;
    const off_t now = ::lseek(output_.get(), 0, SEEK_CUR);
    const auto end = now - static_cast<off_t>(written_ - whole);
    if (now < 0 || ::ftruncate(output_.get(), end) < 0) return;
    (void)::lseek(output_.get(), end, SEEK_SET);
    written_ = whole;
}

}  // namespace packetsentry::capture
