// A file of a segment, which only grows.
#pragma once

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

    // Waits until the file has all bytes. Also has the kernel begin now and then to write them to the disk;
    // otherwise it would keep far more in memory, and then hold up a write for seconds. Error: file.
    [[nodiscard]] base::Result<void> append(std::span<const std::byte> bytes);
    // Has everything written to the disk. Error: file.
    [[nodiscard]] base::Result<void> sync();
    void close() { file_ = {}; }

  private:
    void begin_write_back();

    base::UniqueFd file_;
    std::uint64_t appended_ = 0;
    std::uint64_t written_back_ = 0;  // of them, the kernel was asked to write back so many
};

}  // namespace packetsentry::spool
