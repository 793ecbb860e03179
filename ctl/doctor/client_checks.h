// What this client needs of the machine without the daemon: to read files, and to write its own.
#pragma once

#include "ctl/doctor/facts.h"
#include "ctl/doctor/finding.h"

namespace packetsentry::ctl::doctor {

[[nodiscard]] Finding check_worker(const Facts& facts);
[[nodiscard]] Finding check_disk(const Facts& facts);

}  // namespace packetsentry::ctl::doctor
