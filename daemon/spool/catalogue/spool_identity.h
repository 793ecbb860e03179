// The identity of a spool: the file by which its other files are recognised, and on which the process
// that writes to the spool holds a lock (FORMAT.md, "The identity").
#pragma once

#include <cstdint>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/spool/catalogue/directory.h"
#include "daemon/spool/format/file_header.h"

namespace packetsentry::spool {

struct HeldIdentity {
    SpoolId id = {};
    base::UniqueFd lock = {};  // the lock is held until this is closed
};

// Reads the identity, or makes it if the directory has neither an identity nor a job, and takes the lock.
// Error (file): another process holds the lock; the identity cannot be read, or has a newer version; or
// it is missing although there are jobs.
[[nodiscard]] base::Result<HeldIdentity> hold_identity(const Directory& directory, std::int64_t now_ns);

}  // namespace packetsentry::spool
