// The key with which workers mask addresses. All jobs use one key, so that an address is masked in the same
// way in each of them.
#pragma once

#include <string>

#include "daemon/base/result.h"
#include "daemon/base/state_directory.h"

namespace packetsentry::jobs {

// The key is kept in the file "mask-key": 32 random bytes from the kernel. Only the owner can read the file,
// because anybody who has the key can undo the masking. If the file is removed, the next start of the daemon
// creates another key.
class MaskKey {
  public:
    // Without a directory, the key is kept in memory only.
    explicit MaskKey(base::StateDirectory directory = {}) : directory_(std::move(directory)) {}

    // Returns the key, and creates it at the first call if there is none. Errors: file (the file is not a
    // key, or a new one cannot be written); internal (the kernel gave no random bytes).
    [[nodiscard]] base::Result<std::string> get();

  private:
    [[nodiscard]] base::Result<void> load();
    [[nodiscard]] base::Result<void> make();

    base::StateDirectory directory_;
    std::string key_;  // empty until get() has been called
};

}  // namespace packetsentry::jobs
