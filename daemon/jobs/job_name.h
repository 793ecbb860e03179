// What a job may be called.
#pragma once

#include <string_view>

#include "daemon/base/result.h"

namespace packetsentry::jobs {

// [A-Za-z0-9._-]{1,64}, not only digits (those are ids).
[[nodiscard]] base::Result<void> check_name(std::string_view name);

}  // namespace packetsentry::jobs
