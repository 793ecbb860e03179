// Where a job's packets are saved: a descriptor its user passed, over all the workers that write to it.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "daemon/base/unique_fd.h"

namespace packetsentry::jobs {

class Output {
  public:
    Output() = default;
    explicit Output(base::UniqueFd descriptor) : descriptor_(std::move(descriptor)) {}

    [[nodiscard]] bool open() const { return descriptor_.get() >= 0; }
    [[nodiscard]] int fd() const { return descriptor_.get(); }
    void close() { descriptor_.reset(); }

    // A worker is about to write; it has emptied the file if it was to.
    void worker_begins();
    // It died and may have left a part of a block, behind which nobody could read: what follows the
    // bytes it reported is cut off an ordinary file.
    void worker_died(std::uint64_t reported_bytes);

  private:
    base::UniqueFd descriptor_;
    off_t begin_ = -1;  // where the present worker began; -1: no ordinary file
};

}  // namespace packetsentry::jobs
