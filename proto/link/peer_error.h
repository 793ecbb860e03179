// Converts errors into messages and back: base::Error ↔ wire::Error.
#pragma once

#include "daemon/base/result.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::proto {

[[nodiscard]] wire::Error to_wire(const base::Error& error);

// An unknown code becomes internal.
[[nodiscard]] base::Error from_wire(const wire::Error& error);

}  // namespace packetsentry::proto
