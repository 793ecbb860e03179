// Runs all checks of the doctor, in the order from the user to a capture, with one finding for each.
#pragma once

#include <span>
#include <vector>

#include "ctl/doctor/facts.h"
#include "ctl/doctor/finding.h"
#include "daemon/base/result.h"

namespace packetsentry::ctl::doctor {

// Looks at nothing but the facts.
[[nodiscard]] std::vector<Finding> examine(const Facts& facts);

// The kind of the first failure, with an empty message: all has been told.
[[nodiscard]] base::Result<void> outcome(std::span<const Finding> findings);

}  // namespace packetsentry::ctl::doctor
