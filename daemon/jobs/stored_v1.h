// Reads stored jobs of version 1 (proto/messages/state_v1.proto), which packetsentryd wrote before version 2.
// After an upgrade with a running job there is such a file.
#pragma once

#include <optional>
#include <string_view>

#include "proto/messages/state.pb.h"

namespace packetsentry::jobs {

// Returns the job in the form of version 2, or nothing if the bytes are not a job of version 1.
[[nodiscard]] std::optional<wire::StoredJob> stored_job_of_version_1(std::string_view bytes);

}  // namespace packetsentry::jobs
