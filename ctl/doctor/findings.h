// Prints the findings of the doctor, for people and as JSON.
#pragma once

#include <span>
#include <string>

#include "ctl/doctor/finding.h"

namespace packetsentry::ctl::doctor {

// A line a finding, and one below it with what mends it; escaped here.
[[nodiscard]] std::string findings_text(std::span<const Finding> findings, bool coloured);

// One object, one line: check, result, message and, where there is something to mend, mend.
[[nodiscard]] std::string finding_json(const Finding& finding);

}  // namespace packetsentry::ctl::doctor
