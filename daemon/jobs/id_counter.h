// Job numbers: each is given once, also across restarts.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/base/result.h"
#include "daemon/base/state_directory.h"

namespace packetsentry::jobs {

// Keeps the next number in the file "next-job": decimal, a line feed.
class IdCounter {
  public:
    // Begins at 1 where there is no file yet. Without a directory it counts in memory.
    explicit IdCounter(base::StateDirectory directory);

    // Why numbers are kept in memory only; "" when they are not.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }

    [[nodiscard]] std::uint64_t take();
    // A job has this number already: later ones are higher.
    void pass(std::uint64_t id);

  private:
    [[nodiscard]] base::Result<void> load();
    [[nodiscard]] base::Result<void> store() const;

    base::StateDirectory directory_;
    std::uint64_t next_ = 1;
    std::string trouble_;
};

}  // namespace packetsentry::jobs
