// The files of one segment: made, opened and removed by the name of the segment.
#pragma once

#include <cstdint>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/spool/catalogue/directory.h"
#include "daemon/spool/catalogue/segment.h"
#include "daemon/spool/format/file_header.h"

namespace packetsentry::spool {

// Returns the lengths on the disk; 0 for a file that is not there.
[[nodiscard]] base::Result<WrittenBytes> written_bytes(const Directory& directory, const Segment& segment);

// Returns the header that the rows file of a segment has. identity: the spool and the job.
[[nodiscard]] FileHeader rows_header(const FileHeader& identity, const Segment& segment);

// Two files to write, each O_WRONLY|O_APPEND; packets is not open for a segment without a pcapng.
struct SegmentOutputs {
    base::UniqueFd rows = {};
    base::UniqueFd packets = {};
};
// Makes the files of a segment, and waits until their names are on the disk. Error (file): what was made
// has been removed; a file that was there before is left alone.
[[nodiscard]] base::Result<SegmentOutputs> make_files(const Directory& directory, const Segment& segment);

// Opens a file of a segment to read. bytes: its closed length, which becomes the length of the file if
// this is shorter. The descriptor is not open if there is no such file, or if bytes is 0.
[[nodiscard]] base::Result<base::UniqueFd> open_part(const Directory& directory, const Segment& segment,
                                                     SegmentFile part, std::uint64_t& bytes);

// Removes what is in both files behind the progress of a segment. Error (file): some of it is still there.
[[nodiscard]] base::Result<void> truncate_files(const Directory& directory, const Segment& segment);

// Tells whether some process has a file of the segment open for writing. If the file system cannot tell, none
// has.
[[nodiscard]] bool is_being_written(const Directory& directory, const Segment& segment);

// Removes the packets first and the rows last, so that no file stays behind of which nobody knows.
[[nodiscard]] base::Result<void> remove_files(const Directory& directory, const Segment& segment);
[[nodiscard]] base::Result<void> remove_file(const Directory& directory, const Segment& segment,
                                             SegmentFile file);

}  // namespace packetsentry::spool
