#include "daemon/capture/file/output_file.h"

#include <fcntl.h>
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
constexpr std::uint64_t kWriteBack = 8U << 20;
constexpr int kLookMs = 100;  // between two looks whether a pipe is given up

bool is_ordinary(int fd) {
    struct stat status {};
    return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

OutputFile::OutputFile(base::UniqueFd output, Compression compression)
    : output_(std::move(output)),
      ordinary_(is_ordinary(output_.get())),
      size_is_known_(ordinary_ && base::is_local(output_.get())),
      compressor_(OutputCompressor::make(compression, ordinary_)) {}

base::Result<void> OutputFile::write(const OutputChunk& chunk, const std::atomic<bool>* give_up) {
    if (chunk.empty()) return {};
    if (!compressor_) return write_as_it_is(chunk, give_up);
    if (auto packed = pack(chunk); !packed) {
        (void)reaches_disk();
        return packed;
    }
    if (auto written = write_as_it_is(packed_, give_up); !written) {
        // What is whole there may be unpacked without a complaint then. A full disk often has room for
        // this.
        if (ordinary_) (void)complete(give_up);
        return written;
    }
    bytes_taken_ += chunk.bytes.size();
    return {};
}

base::Result<void> OutputFile::pack(const OutputChunk& chunk) {
    packed_.clear();
    std::uint64_t packets = 0;
    for (const OutputChunk::Block& block : chunk.blocks) packets += block.packets;
    begin_to_pack();
    auto packed = compressor_->pack(chunk.bytes, packed_.bytes);
    packed_.blocks.push_back({packed_.bytes.size(), packets});
    return packed;
}

base::Result<void> OutputFile::write_as_it_is(const OutputChunk& chunk, const std::atomic<bool>* give_up) {
    if (is_truncated()) {
        (void)reaches_disk();
        return base::fail(base::ErrorCode::file, kTruncated);
    }
    std::size_t written = 0;
    in_block_ = true;
    const auto outcome = write_bytes(chunk.bytes, written, give_up);
    if (!outcome) written = keep_whole_blocks(chunk, written);
    in_block_ = count(chunk, written) != written;
    // There will be no other sync.
    if (!outcome) (void)reaches_disk();
    return outcome;
}

// The flags of the descriptor are shared with the user, and so they are not ours to set. But a pipe that is
// writable takes PIPE_BUF bytes without waiting.
base::Result<void> OutputFile::write_bytes(std::span<const std::byte> bytes, std::size_t& written,
                                           const std::atomic<bool>* give_up) {
    const bool in_pieces = !ordinary_ && give_up != nullptr;
    while (written < bytes.size()) {
        if (in_pieces && !waits_for_pipe(give_up)) return {};
        const std::size_t left = bytes.size() - written;
        const ssize_t size = ::write(output_.get(), bytes.data() + written,
                                     in_pieces ? std::min<std::size_t>(left, PIPE_BUF) : left);
        if (size == 0) return base::fail(base::ErrorCode::file, "the output file accepts no bytes");
        if (size > 0) {
            written += static_cast<std::size_t>(size);
            written_ += static_cast<std::uint64_t>(size);
            if (!compressor_) bytes_taken_ += static_cast<std::uint64_t>(size);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (!waits_for_pipe(give_up)) return {};
        } else if (errno != EINTR) {
            return base::fail(base::ErrorCode::file, base::syscall_text("write the packets"));
        }
    }
    return {};
}

// False: the pipe is given up.
bool OutputFile::waits_for_pipe(const std::atomic<bool>* give_up) const {
    pollfd entry{output_.get(), POLLOUT, 0};
    while (give_up == nullptr || !*give_up)
        if (::poll(&entry, 1, kLookMs) > 0) return true;
    return false;
}

// A file system for which somebody else answers is not asked, as it may know the size of a moment ago, or
// not answer.
bool OutputFile::is_truncated() const {
    if (!size_is_known_) return false;
    const off_t here = ::lseek(output_.get(), 0, SEEK_CUR);
    const off_t end = ::lseek(output_.get(), 0, SEEK_END);
    (void)::lseek(output_.get(), here, SEEK_SET);
    return here >= 0 && end >= 0 && end < here;
}

std::size_t OutputFile::keep_whole_blocks(const OutputChunk& chunk, std::size_t written) const {
    if (!ordinary_) return written;
    std::size_t whole = 0;
    for (const OutputChunk::Block& block : chunk.blocks)
        if (block.end <= written) whole = block.end;
    const off_t now = ::lseek(output_.get(), 0, SEEK_CUR);
    const auto end = now - static_cast<off_t>(written - whole);
    if (now < 0 || ::ftruncate(output_.get(), end) < 0) return written;
    (void)::lseek(output_.get(), end, SEEK_SET);
    return whole;
}

// Returns where the last whole block ends.
std::size_t OutputFile::count(const OutputChunk& chunk, std::size_t written) {
    std::uint64_t packets = 0;
    std::size_t whole = 0;
    for (const OutputChunk::Block& block : chunk.blocks) {
        if (block.end > written) break;
        packets += block.packets;
        whole = block.end;
    }
    packets_written_ += packets;
    bytes_written_ += whole;
    return whole;
}

void OutputFile::begin_write_back() {
    if (!ordinary_) return;
    const std::uint64_t since = written_ - written_back_;
    if (since < kWriteBack) return;
    written_back_ = written_;
    const off_t here = ::lseek(output_.get(), 0, SEEK_CUR);
    const auto size = static_cast<off_t>(since);
    // Advice: what it cannot do, the next sync does.
    if (here >= size) (void)::sync_file_range(output_.get(), here - size, size, SYNC_FILE_RANGE_WRITE);
}

base::Result<void> OutputFile::change_to(base::UniqueFd next, bool synced) {
    if (auto completed = complete(nullptr); !completed) return completed;
    if (synced) {
        if (auto reached = sync(); !reached) return reached;
    }
    if (::ftruncate(next.get(), 0) != 0)
        return base::fail(base::ErrorCode::file, base::syscall_text("empty the next output file"));
    (void)::lseek(next.get(), 0, SEEK_SET);
    output_ = std::move(next);
    written_ = written_back_ = 0;
    packs_ = false;
    const std::lock_guard lock(ended_mutex_);
    ended_.bytes = ended_.bytes_at_change = bytes_written_;
    ++ended_.files;
    ++ended_.changes;
    return {};
}

void OutputFile::stay() {
    const std::lock_guard lock(ended_mutex_);
    ended_.bytes_at_change = bytes_written_;
    ++ended_.changes;
}

OutputFile::Ended OutputFile::ended() const {
    const std::lock_guard lock(ended_mutex_);
    return ended_;
}

// What another writer has left in the file counts too.
void OutputFile::begin_to_pack() {
    if (std::exchange(packs_, true)) return;
    const off_t here = ::lseek(output_.get(), 0, SEEK_CUR);
    compressor_->begin_file(here < 0 ? 0 : static_cast<std::uint64_t>(here));
}

base::Result<void> OutputFile::complete(const std::atomic<bool>* give_up) {
    if (!compressor_) return {};
    begin_to_pack();
    packed_.clear();
    compressor_->complete(packed_.bytes);
    if (packed_.bytes.empty()) return {};
    packed_.blocks.push_back({packed_.bytes.size(), 0});
    return write_as_it_is(packed_, give_up);
}

bool OutputFile::reaches_disk() {
    const bool reached = !ordinary_ || ::fdatasync(output_.get()) == 0;
    if (reached)
        packets_synced_ = packets_written_;
    else
        packets_written_ = packets_synced_;
    return reached;
}

base::Result<void> OutputFile::sync() {
    if (reaches_disk()) return {};
    return base::fail(base::ErrorCode::file, base::syscall_text("write the packets to the disk"));
}

}  // namespace packetsentry::capture
