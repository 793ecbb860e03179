// A buffered view on a capture file, decompressed where its first bytes say so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/capture/file/byte_input.h"
#include "daemon/capture/file/descriptor_input.h"

namespace packetsentry::capture {

enum class Want : std::uint8_t {
    enough,
    waiting,  // a pipe has no more now
    ended,    // the input has no more; fewer are there
    failed,   // error() says why; fewer are there
};

// What was given out by bytes() and bytes_behind() lives until the next want() or skip() that has to read.
class InputStream {
  public:
    static constexpr std::size_t kCapacity = 1U << 20;

    explicit InputStream(DescriptorInput descriptor);
    InputStream(const InputStream&) = delete;
    InputStream& operator=(const InputStream&) = delete;
    // Waits for the first bytes. Error: file.
    [[nodiscard]] static base::Result<std::unique_ptr<InputStream>> open(DescriptorInput input);

    // Makes the next size (at most kCapacity) bytes available side by side.
    [[nodiscard]] Want want(std::size_t size) { return end_ - begin_ >= size ? Want::enough : refill(size); }
    // Makes the next size bytes available too, but waits where a pipe has none at the moment.
    [[nodiscard]] Want want_waiting(std::size_t size);
    [[nodiscard]] std::size_t available() const { return end_ - begin_; }
    // The next size bytes; want(size) was enough.
    [[nodiscard]] std::span<const std::byte> bytes(std::size_t size) const {
        return {buffer_.get() + begin_, size};
    }
    // All bytes that are there behind the next `size` ones; empty if those are not there.
    [[nodiscard]] std::span<const std::byte> bytes_behind(std::size_t size) const {
        return available() < size
                   ? std::span<const std::byte>()
                   : std::span<const std::byte>(buffer_.get() + begin_ + size, available() - size);
    }
    void consume(std::size_t size) {
        begin_ += size;
        offset_ += size;
    }
    // Consumes up to size bytes, however many, and takes them off size; enough when none is left.
    [[nodiscard]] Want skip(std::uint64_t& size);

    void wait() const { descriptor_.wait(); }
    [[nodiscard]] int wait_fd() const { return descriptor_.wait_fd(); }  // -1 of an ordinary file
    [[nodiscard]] const base::Error& error() const { return error_; }
    [[nodiscard]] std::uint64_t offset() const { return offset_; }  // decompressed bytes consumed
    [[nodiscard]] std::uint64_t position() const;                   // bytes of the file itself consumed
    [[nodiscard]] std::uint64_t file_bytes() const { return descriptor_.file_bytes(); }

  private:
    [[nodiscard]] Want refill(std::size_t size);
    void move_to_front();

    DescriptorInput descriptor_;
    std::unique_ptr<ByteInput> decompressor_;  // null of a plain file
    std::unique_ptr<std::byte[]> buffer_;      // kCapacity bytes
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint64_t offset_ = 0;
    base::Error error_;
    bool failed_ = false;
};

}  // namespace packetsentry::capture
