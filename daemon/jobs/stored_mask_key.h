// The key that workers mask addresses with: one for all jobs, so that an address reads the same in each.
#pragma once

#include <string>

#include "daemon/base/result.h"
#include "daemon/base/state_directory.h"

namespace packetsentry::jobs {

// Kept in the file "mask-key", 32 bytes that the kernel drew, for its owner alone: who has them undoes the
// masking. Whoever removes the file gets other masks from the next start of the daemon on.
class MaskKey {
  public:
    // Without a directory the key is in memory only.
    explicit MaskKey(base::StateDirectory directory = {}) : directory_(std::move(directory)) {}

    // Made when first asked for. Errors: file (there is one that is no key, or a new one cannot be kept);
    // internal (the kernel gave no random bytes).
    [[nodiscard]] base::Result<std::string> get();

  private:
    [[nodiscard]] base::Result<void> load();
    [[nodiscard]] base::Result<void> make();

    base::StateDirectory directory_;
    std::string key_;  // empty: not asked for yet
};

}  // namespace packetsentry::jobs
