// The key that workers mask addresses with: one for all jobs, so that an address reads the same in each.
#pragma once

#include <string>

#include "daemon/base/result.h"

namespace packetsentry::jobs {

// Kept in <state_dir>/mask-key, 32 bytes that the kernel drew, for its owner alone: who has them undoes the
// masking. Whoever removes the file gets other masks from the next start of the daemon on.
class MaskKey {
  public:
    // state_dir may be empty: in memory only.
    explicit MaskKey(std::string state_dir = {}) : state_dir_(std::move(state_dir)) {}

    // Made when first asked for. Errors: file (there is one that is no key, or a new one cannot be kept);
    // internal (the kernel gave no random bytes).
    [[nodiscard]] base::Result<std::string> get();

  private:
    [[nodiscard]] base::Result<void> load();
    [[nodiscard]] base::Result<void> make();
    [[nodiscard]] std::string path() const { return state_dir_ + "/mask-key"; }

    std::string state_dir_;
    std::string key_;  // empty: not asked for yet
};

}  // namespace packetsentry::jobs
