// Stored jobs of version 1 (proto/messages/state_v1.proto), as packetsentryd wrote them before version 2. An
// upgrade with a running job finds one.
#pragma once

#include <optional>
#include <string_view>

#include "proto/messages/state.pb.h"

namespace packetsentry::jobs {

// Returns the job as version 2 has it; nothing where the bytes are not a job of version 1.
[[nodiscard]] std::optional<wire::StoredJob> stored_job_of_version_1(std::string_view bytes);

}  // namespace packetsentry::jobs
