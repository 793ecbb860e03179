// The rule for names of jobs.
#pragma once

#include <string_view>

#include "daemon/base/result.h"

namespace packetsentry::proto {

// A name has 1 to 64 of the characters A-Z a-z 0-9 . _ -, and not only digits, which would be an id.
// Error: usage.
[[nodiscard]] base::Result<void> check_job_name(std::string_view name);

}  // namespace packetsentry::proto
