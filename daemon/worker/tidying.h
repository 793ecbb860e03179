// Makes the index of a segment that has been closed, from Tidy to Ended (daemon/spool/FORMAT.md, "Index").
//
// Where rows are missing whose packets are there, it makes the rows file anew before (row_repair.h).
//
// A worker that does this neither captures nor answers questions. It holds files of one segment that it can
// only read, and empty files that it can only append to. It works at the lowest priority.
#pragma once

#include "daemon/worker/link.h"
#include "daemon/worker/sandbox.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::worker {

// The descriptors of Tidy are in the link. unlisted: as for Worker. Returns the exit code of the process.
[[nodiscard]] int tidy(const wire::Tidy& order, Link& link, Unlisted unlisted);

// Lowers the process's priority for the processor and for disks. It cannot be raised again.
void work_at_lowest_priority();

}  // namespace packetsentry::worker
