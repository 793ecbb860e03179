// Where a job's packets are saved: a descriptor its user passed, over all the workers that write to it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

#include "daemon/base/unique_fd.h"

namespace packetsentry::jobs {

// Of an ordinary file, as the kernel knows it; none: it is none. Never waits.
[[nodiscard]] std::optional<off_t> file_size(int fd);

// Which file it is, by whatever name it was opened.
struct FileId {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;

    [[nodiscard]] bool operator==(const FileId&) const = default;
};

// Of an ordinary file or a pipe; none: it is neither. Never waits.
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

    // A worker is about to write; it has emptied the file if it was to. Gives where it is to cut it off
    // first, if anywhere.
    [[nodiscard]] std::optional<off_t> worker_begins();
    // It died and may have left a part of a block, behind which nobody could read: what follows the
    // bytes it reported is to be cut off an ordinary file. By the next worker, because it can take long.
    void worker_died(std::uint64_t reported_bytes);

    // Where the next worker is to cut it off, if anywhere; of a job of before, as it was then.
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
