#include "daemon/capture/output_buffer.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "daemon/base/syscall.h"

namespace packetsentry::capture {
namespace {

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
    : output_(std::move(output)), ordinary_(is_ordinary(output_.get())) {
    buffer_.reserve(kBytes + kBlockReserve);
}

void OutputBuffer::end_block(bool packet) {
    blocks_.push_back({buffer_.size(), packet});
    bytes_ += buffer_.size() - std::exchange(block_begin_, buffer_.size());
    if (packet) ++packets_;
}

base::Result<void> OutputBuffer::flush() {
    if (!state_) return state_;
    state_ = write_all();
    if (!state_) keep_whole_blocks();
    for (const Block& block : blocks_)
        if (block.packet && block.end <= written_) ++packets_written_;
    buffer_.clear();
    blocks_.clear();
    block_begin_ = 0;
    written_ = 0;
    return state_;
}

base::Result<void> OutputBuffer::write_all() {
    while (written_ < buffer_.size()) {
        const ssize_t size = ::write(output_.get(), buffer_.data() + written_, buffer_.size() - written_);
        if (size >= 0)
            written_ += static_cast<std::size_t>(size);
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            wait_writable(output_.get());
        else if (errno != EINTR)
            return base::fail(base::ErrorCode::file, base::syscall_text("write the packets"));
    }
    return {};
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
