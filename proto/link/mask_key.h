// The key of Begin.mask_key, for who starts a worker.
#pragma once

#include <cstddef>
#include <string>

#include "daemon/base/result.h"

namespace packetsentry::proto {

inline constexpr std::size_t kMaskKeySize = 32;

// A new one, drawn by the kernel. Error: internal.
[[nodiscard]] base::Result<std::string> make_mask_key();

}  // namespace packetsentry::proto
