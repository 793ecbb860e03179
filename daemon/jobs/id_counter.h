// Job numbers: each is given once, also across restarts.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/base/result.h"

namespace packetsentry::jobs {

// Keeps the next number in <state_dir>/next-job: decimal, a line feed. Old or new, never torn: written
// beside, synced, renamed.
class IdCounter {
  public:
    // Begins at 1 where there is no file yet. state_dir may be empty: in memory only.
    explicit IdCounter(std::string state_dir);

    // Why numbers are kept in memory only; "" when they are not.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }

    [[nodiscard]] std::uint64_t take();
    // A job has this number already: later ones are higher.
    void pass(std::uint64_t id);

  private:
    [[nodiscard]] base::Result<void> load();
    [[nodiscard]] base::Result<void> store() const;
    [[nodiscard]] std::string path() const { return state_dir_ + "/next-job"; }

    std::string state_dir_;
    std::uint64_t next_ = 1;
    std::string trouble_;
};

}  // namespace packetsentry::jobs
