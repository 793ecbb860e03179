#include "daemon/capture/file/descriptor_input.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "daemon/base/syscall.h"

namespace packetsentry::capture {
namespace {

bool readable_now(int fd) {
    pollfd entry{fd, POLLIN, 0};
    return ::poll(&entry, 1, 0) > 0;
}

}  // namespace

base::Result<DescriptorInput> DescriptorInput::open(base::UniqueFd descriptor) {
    struct stat status {};
    if (::fstat(descriptor.get(), &status) < 0)
        return base::fail(base::ErrorCode::file, base::syscall_text("examine the file"));
    DescriptorInput input;
    input.ordinary_ = S_ISREG(status.st_mode);
    if (S_ISDIR(status.st_mode))
        return base::fail(base::ErrorCode::file, "a directory is not a capture file");
    if (!input.ordinary_ && !S_ISFIFO(status.st_mode) && !S_ISSOCK(status.st_mode))
        return base::fail(base::ErrorCode::file, "captures are read from ordinary files and pipes only");
    if (input.ordinary_) input.file_bytes_ = static_cast<std::uint64_t>(status.st_size);
    input.descriptor_ = std::move(descriptor);
    return input;
}

base::Result<Chunk> DescriptorInput::read(std::span<std::byte> out) {
    if (peeked_begin_ == peeked_end_) return read_descriptor(out);
    const std::size_t size = std::min(out.size(), peeked_end_ - peeked_begin_);
    std::copy_n(peeked_.begin() + static_cast<std::ptrdiff_t>(peeked_begin_), size, out.begin());
    peeked_begin_ += size;
    position_ += size;
    return Chunk{Chunk::State::data, size};
}

base::Result<Chunk> DescriptorInput::read_descriptor(std::span<std::byte> out) {
    if (!ordinary_ && !readable_now(descriptor_.get())) return Chunk{Chunk::State::waiting, 0};
    ssize_t size = 0;
    do size = ::read(descriptor_.get(), out.data(), out.size());
    while (size < 0 && errno == EINTR);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return Chunk{Chunk::State::waiting, 0};
    if (size < 0) return base::fail(base::ErrorCode::file, base::syscall_text("read the file"));
    if (size == 0) return Chunk{Chunk::State::end, 0};
    position_ += static_cast<std::uint64_t>(size);
    return Chunk{Chunk::State::data, static_cast<std::size_t>(size)};
}

base::Result<std::span<const std::byte>> DescriptorInput::peek() {
    while (peeked_end_ < peeked_.size()) {
        auto chunk = read_descriptor(std::span(peeked_).subspan(peeked_end_));
        if (!chunk) return std::unexpected(chunk.error());
        if (chunk->state == Chunk::State::end) break;
        if (chunk->state == Chunk::State::waiting) wait();
        peeked_end_ += chunk->size;
    }
    position_ -= peeked_end_;
    return std::span<const std::byte>(peeked_).first(peeked_end_);
}

void DescriptorInput::wait() const {
    pollfd entry{descriptor_.get(), POLLIN, 0};
    (void)::poll(&entry, 1, -1);
}

}  // namespace packetsentry::capture
