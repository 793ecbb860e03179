// Makes Ctrl-C and SIGTERM something that can be polled. While a StopSignal exists, these signals are counted
// and do not end the program. SIGPIPE is ignored from then on.
#pragma once

#include "daemon/base/unique_fd.h"

namespace packetsentry::ctl {

// At most one at a time. A signal interrupts a blocking write (no SA_RESTART), which then asks count().
class StopSignal {
  public:
    StopSignal();
    ~StopSignal();
    StopSignal(const StopSignal&) = delete;
    StopSignal& operator=(const StopSignal&) = delete;

    // Readable since a signal came; acknowledge() makes it quiet again.
    [[nodiscard]] int fd() const { return read_end_.get(); }
    void acknowledge();
    // Signals since the program began.
    [[nodiscard]] static int count();
    // One of them was Ctrl-C.
    [[nodiscard]] static bool interrupted();

  private:
    base::UniqueFd read_end_;
    base::UniqueFd write_end_;
};

}  // namespace packetsentry::ctl
