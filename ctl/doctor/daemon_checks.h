// Checks what the daemon says about itself.
#pragma once

#include <optional>

#include "ctl/doctor/facts.h"
#include "ctl/doctor/finding.h"

namespace packetsentry::ctl::doctor {

// What a check finds where the daemon has told nothing that could be judged; nothing: it has.
[[nodiscard]] std::optional<Finding> without_answer(const Facts& facts);

[[nodiscard]] Finding check_daemon(const Facts& facts);
[[nodiscard]] Finding check_version(const Facts& facts);
[[nodiscard]] Finding check_capability(const Facts& facts);
[[nodiscard]] Finding check_interfaces(const Facts& facts);
[[nodiscard]] Finding check_policy(const Facts& facts);

}  // namespace packetsentry::ctl::doctor
