// Gives job numbers. No number is given twice, not even after a restart.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/base/result.h"
#include "daemon/base/state_directory.h"

namespace packetsentry::jobs {

// Keeps the next number in the file "next-job", as a decimal number and a line feed.
class IdCounter {
  public:
    // Begins at 1 if there is no file yet. Without a directory, the number is kept in memory only.
    explicit IdCounter(base::StateDirectory directory);

    // Returns why the number is kept in memory only, or "" if it is kept in the file.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }

    [[nodiscard]] std::uint64_t take();
    // Makes all later numbers higher than this one, which a job has already.
    void pass(std::uint64_t id);

  private:
    [[nodiscard]] base::Result<void> load();
    [[nodiscard]] base::Result<void> store() const;

    base::StateDirectory directory_;
    std::uint64_t next_ = 1;
    std::string trouble_;
};

}  // namespace packetsentry::jobs
