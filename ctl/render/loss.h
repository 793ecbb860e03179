// A gap of a job, as a person reads it.
#pragma once

#include <string>

#include "proto/messages/capture.pb.h"

namespace packetsentry::ctl::render {

// "2025-05-15 10:30:00 to 2025-05-15 10:30:04, the kernel's ring was full: 17 packets"
[[nodiscard]] std::string loss_text(const wire::Loss& loss);

}  // namespace packetsentry::ctl::render
