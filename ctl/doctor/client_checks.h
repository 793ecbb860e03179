// Checks what the client needs without the daemon: the worker that reads files, and the directory for log and
// results.
#pragma once

#include "ctl/doctor/facts.h"
#include "ctl/doctor/finding.h"

namespace packetsentry::ctl::doctor {

[[nodiscard]] Finding check_worker(const Facts& facts);
[[nodiscard]] Finding check_disk(const Facts& facts);

}  // namespace packetsentry::ctl::doctor
