// Judges the directory in which packetsentryd keeps what it records.
#pragma once

#include "ctl/doctor/facts.h"
#include "ctl/doctor/finding.h"

namespace packetsentry::ctl::doctor {

// Is it there, whose is it, is it closed to others, how much room is there, and is everything in it readable?
[[nodiscard]] Finding check_spool(const Facts& facts);

}  // namespace packetsentry::ctl::doctor
