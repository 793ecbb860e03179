// The files of a segment as a question reads them.
#pragma once

#include <cstdint>
#include <memory>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/spool/catalogue/directory.h"
#include "daemon/spool/catalogue/segment.h"
#include "daemon/spool/catalogue/segment_hold.h"

namespace packetsentry::spool {

// A file that is not there has no descriptor and the length 0. Readers stop at the lengths, which are the
// closed ones, or those of the files if these are shorter.
struct ReadableSegment {
    Segment segment = {};
    std::shared_ptr<const SegmentHold> hold = {};  // kept as long as the files are open
    base::UniqueFd rows = {};
    base::UniqueFd packets = {};
    base::UniqueFd index = {};
    std::uint64_t rows_bytes = 0;
    std::uint64_t packets_bytes = 0;
    std::uint64_t index_bytes = 0;
};

// Error (file): a file cannot be opened.
[[nodiscard]] base::Result<ReadableSegment> open_segment(const Directory& directory, const Segment& segment);

}  // namespace packetsentry::spool
