// A file of a segment, which only grows.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::spool {

// Used by one thread. Nothing is cut off after a failure, because a worker may not truncate a file of the
// spool: readers stop before what is not whole.
class AppendFile {
  public:
    AppendFile() = default;
    // file: a descriptor with O_APPEND.
    explicit AppendFile(base::UniqueFd file) : file_(std::move(file)) {}

    [[nodiscard]] bool open() const { return file_.get() >= 0; }

    // Waits until the file has all bytes. Error: file.
    [[nodiscard]] base::Result<void> append(std::span<const std::byte> bytes);
    // Has the kernel begin now and then to write them to the disk; otherwise it would keep far more in
    // memory, and then hold up a write for seconds. This waits if others keep the disk busy. So it stops, and
    // goes on in a later call, when so many bytes wait that they are to be written first.
    void begin_write_back(const std::atomic<std::uint64_t>& waiting);
    // Waits until a part of the file that was not yet told as settled is on the disk, so that a sync after
    // all parts takes a moment. Returns false if there is no further part. Error: file.
    [[nodiscard]] base::Result<bool> settle_part();
    // Has everything written to the disk. Error: file.
    [[nodiscard]] base::Result<void> sync();
    void close() { file_ = {}; }

    // If so many bytes wait for the thread that writes, it does not wait for the disk.
    static constexpr std::uint64_t kBusy = 16U << 20;

  private:
    base::UniqueFd file_;
    std::uint64_t appended_ = 0;
    std::uint64_t written_back_ = 0;  // of them, the kernel was asked to write back so many
    std::uint64_t settled_ = 0;       // and so many are on the disk
};

}  // namespace packetsentry::spool
