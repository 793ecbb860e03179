// Keeps numbers of descriptors free for files that come later.
//
// The sandbox allows a worker to write to all descriptors up to a number, and to none above it. A file that
// comes over the link while the worker captures gets the lowest free number, and it must be one of those. So
// the worker holds these numbers before it opens its sockets, which get higher ones, and frees them when the
// sandbox has been entered. From then on nothing else in the process can get a descriptor.
#pragma once

#include <cstddef>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::worker {

class HeldNumbers {
  public:
    // Holds so many numbers that are free now. Error: internal.
    [[nodiscard]] base::Result<void> hold(std::size_t count);
    // The highest of them; -1: none is held.
    [[nodiscard]] int highest() const { return highest_; }
    // Frees them. highest() stays as it is.
    void free() { held_.clear(); }

  private:
    std::vector<base::UniqueFd> held_;
    int highest_ = -1;
};

}  // namespace packetsentry::worker
