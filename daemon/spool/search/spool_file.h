// A file of a segment, read through a descriptor. Nothing is mapped, because whoever can write to the
// file may make it shorter, and a mapping would then end the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::spool {

class SpoolFile {
  public:
    SpoolFile() = default;
    // bytes: the closed length. Nothing behind it is read.
    SpoolFile(base::UniqueFd fd, std::uint64_t bytes) : fd_(std::move(fd)), bytes_(bytes) {}

    [[nodiscard]] explicit operator bool() const { return static_cast<bool>(fd_); }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

    // Reads what the file has from this place on, as far as there is room. Returns how many bytes these
    // are; fewer than there is room for only at the end of the file. Error (file): the kernel could not
    // read.
    [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> room) const;
    // Returns so many bytes, or fewer at the end of the file.
    [[nodiscard]] base::Result<std::string> read(std::uint64_t offset, std::size_t size) const;

  private:
    base::UniqueFd fd_;
    std::uint64_t bytes_ = 0;
};

}  // namespace packetsentry::spool
