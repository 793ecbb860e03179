// Where a job's packets are saved: a descriptor its user passed, over all the workers that write to it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

#include "daemon/base/unique_fd.h"

namespace packetsentry::jobs {

// Returns the size of an ordinary file, as the kernel knows it, and nothing where fd is not one. Never waits.
[[nodiscard]] std::optional<off_t> file_size(int fd);

// Which file it is, by whatever name it was opened.
struct FileId {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;

    [[nodiscard]] bool operator==(const FileId&) const = default;
};

// Tells which ordinary file or pipe this is; returns nothing where fd is neither. Never waits.
[[nodiscard]] std::optional<FileId> file_id(int fd);
// An ordinary file that has no name any more: what is written to it is lost when it is closed. Never waits.
[[nodiscard]] bool is_removed(int fd);
inline constexpr const char* kOutputRemoved = "the output file was removed";  // why saving ends then

class Output {
  public:
    Output() = default;
    explicit Output(base::UniqueFd descriptor);

    [[nodiscard]] bool open() const { return descriptor_.get() >= 0; }
    [[nodiscard]] int fd() const { return descriptor_.get(); }
    void close() { *this = Output(); }
    // None where it is not open.
    [[nodiscard]] const std::optional<FileId>& id() const { return id_; }
    // It had a name when it was opened, and has none any more.
    [[nodiscard]] bool removed() const { return named_ && is_removed(fd()); }

    // To be called when a worker is about to write; by then it has emptied the file, if it was to do that.
    // Returns the size to which the worker must truncate the file first, if any.
    [[nodiscard]] std::optional<off_t> worker_begins();
    // To be called when a worker has died. It may have left a part of a block, behind which nobody could
    // read, so an ordinary file is to be truncated behind the bytes that it reported. The next worker does
    // that, because it can take long.
    void worker_died(std::uint64_t reported_bytes);

    // Returns the size to which the next worker must truncate the file, if any. cut_at() sets it, for example
    // to what was stored before the daemon was restarted.
    [[nodiscard]] std::optional<off_t> to_cut() const { return whole_; }
    void cut_at(std::optional<off_t> bytes) { whole_ = bytes; }

  private:
    base::UniqueFd descriptor_;
    std::optional<FileId> id_;
    bool named_ = false;
    std::optional<off_t> begin_;  // where the present worker began; none: no ordinary file
    std::optional<off_t> whole_;  // where the next one is to begin
};

}  // namespace packetsentry::jobs
