// Where a job's packets are saved: a descriptor its user passed, over all the workers that write to it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

#include "daemon/base/unique_fd.h"

namespace packetsentry::jobs {

// Of an ordinary file, as the kernel knows it; none: it is none. Never waits.
[[nodiscard]] std::optional<off_t> file_size(int fd);

class Output {
  public:
    Output() = default;
    explicit Output(base::UniqueFd descriptor) : descriptor_(std::move(descriptor)) {}

    [[nodiscard]] bool open() const { return descriptor_.get() >= 0; }
    [[nodiscard]] int fd() const { return descriptor_.get(); }
    void close() { *this = Output(); }

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
    std::optional<off_t> begin_;  // where the present worker began; none: no ordinary file
    std::optional<off_t> whole_;  // where the next one is to begin
};

}  // namespace packetsentry::jobs
