// Makes the redactor for a job's redaction.
#pragma once

#include <memory>

#include "daemon/base/result.h"
#include "daemon/redact/redactor.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::worker {

// Returns null if the job records packets whole. Error: internal (addresses must be masked, but the key is
// missing or has the wrong size).
[[nodiscard]] base::Result<std::unique_ptr<redact::Redactor>> make_redactor(const wire::Begin& begin);

}  // namespace packetsentry::worker
