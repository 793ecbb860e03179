// What becomes of segments when a spool is opened: records and files may disagree, because the daemon may
// have been stopped between two steps, or somebody has removed files.
#pragma once

#include <cstdint>
#include <optional>

#include "daemon/base/result.h"
#include "daemon/spool/catalogue/directory.h"
#include "daemon/spool/catalogue/found_segment.h"
#include "daemon/spool/catalogue/segment.h"
#include "daemon/spool/format/file_header.h"

namespace packetsentry::spool {

// Closes a segment whose worker or daemon has not said how it ended. Its files have the lengths that they
// have on the disk, because readers stop at a partial frame, and nothing is known of its rows. A segment
// that cannot have a row becomes a removed one, and its files are removed. now_ns: the wall clock.
[[nodiscard]] base::Result<void> close_by_files(const Directory& directory, Segment& segment,
                                                std::int64_t now_ns);

// Makes a segment agree with its files. files: those with its name. Returns whether the segment changed.
// Error (file): the files cannot be opened or removed, and the segment did not change.
[[nodiscard]] base::Result<bool> reconcile(const Directory& directory, Segment& segment,
                                           const FoundSegment& files, std::int64_t now_ns);

// Makes a segment of files without a record. identity: the spool and the job. Returns nothing for files
// that were not made for this job of this spool, or that have another version, and leaves them alone. It
// also returns nothing for files that cannot have a row, and removes these.
[[nodiscard]] std::optional<Segment> adopt(const Directory& directory, const FoundSegment& files,
                                           const FileHeader& identity, const Terms& no_terms,
                                           std::int64_t now_ns);

}  // namespace packetsentry::spool
