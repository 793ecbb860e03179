// The causes of losses, for programs and for people.
#pragma once

#include <string_view>

#include "proto/messages/capture.pb.h"

namespace packetsentry::proto {

// "ring_full"
[[nodiscard]] std::string_view cause_name(wire::Loss::Cause cause);
// "the kernel's ring was full"
[[nodiscard]] std::string_view cause_text(wire::Loss::Cause cause);

}  // namespace packetsentry::proto
