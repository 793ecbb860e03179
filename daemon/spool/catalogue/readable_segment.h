// The files of a segment as a question reads them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/spool/catalogue/directory.h"
#include "daemon/spool/catalogue/segment.h"
#include "daemon/spool/catalogue/segment_hold.h"
#include "daemon/spool/format/file_header.h"

namespace packetsentry::spool {

// A file that is not there has no descriptor. Readers stop at the lengths. Those of rows and packets are the
// closed ones, also if a file was truncated meanwhile, so that a reader notices what is missing.
struct ReadableSegment {
    Segment segment = {};
    FileHeader header = {};                        // that the rows file must have
    std::shared_ptr<const SegmentHold> hold = {};  // kept as long as the files are open
    base::UniqueFd rows = {};
    base::UniqueFd packets = {};
    base::UniqueFd index = {};
    std::uint64_t rows_bytes = 0;
    std::uint64_t packets_bytes = 0;
    std::uint64_t index_bytes = 0;
    std::string packets_trouble = {};  // why packets that should be there cannot be read; empty: they can
};

// identity: the spool and the job. Rows can be read without the other two files: an index that cannot be
// opened counts as none. Error (file): the rows cannot be opened.
[[nodiscard]] base::Result<ReadableSegment> open_segment(const Directory& directory,
                                                         const FileHeader& identity, const Segment& segment);

}  // namespace packetsentry::spool
