// What a job's redaction asks for, as what does it.
#pragma once

#include <memory>

#include "daemon/base/result.h"
#include "daemon/redact/redactor.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::worker {

// Null: the job records all of each packet. Error: internal (addresses are to be masked, and there is no
// key of the right size to do it with).
[[nodiscard]] base::Result<std::unique_ptr<redact::Redactor>> make_redactor(const wire::Begin& begin);

}  // namespace packetsentry::worker
