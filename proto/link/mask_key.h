// Makes the key for Begin.mask_key. The program that starts a worker needs it.
#pragma once

#include <cstddef>
#include <string>

#include "daemon/base/result.h"

namespace packetsentry::proto {

inline constexpr std::size_t kMaskKeySize = 32;

// Returns a new key of random bytes from the kernel. Error: internal.
[[nodiscard]] base::Result<std::string> make_mask_key();

}  // namespace packetsentry::proto
