// Descriptor numbers below 64, kept free of other people's descriptors. The kernel copies at least those to a
// process that is to have a table of its own, and a copy has to be closed: which can take as long as somebody
// else likes (closing.h).
#pragma once

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::base {

inline constexpr int kLowNumbers = 64;  // the kernel copies tables by so many

// From here on all that this process opens or is handed has a higher number. After close_elsewhere(), and
// after move_up() for each of other people's descriptors that are here already.
[[nodiscard]] Result<void> reserve_low_numbers();
[[nodiscard]] Result<void> move_up(UniqueFd& fd);

// A duplicate of fd, close-on-exec, that has a low number where those are reserved, else the lowest that is
// free; above the standard streams and the next. One at a time; while it lives.
class LowDuplicate {
  public:
    explicit LowDuplicate(int fd);
    ~LowDuplicate();
    LowDuplicate(const LowDuplicate&) = delete;
    LowDuplicate& operator=(const LowDuplicate&) = delete;

    [[nodiscard]] int get() const { return fd_; }  // -1: there is none, for the reason in errno

  private:
    int fd_;
};

}  // namespace packetsentry::base
