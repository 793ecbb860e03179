// The files of segments that are in the directory of a job.
#pragma once

#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/spool/catalogue/directory.h"
#include "daemon/spool/format/segment_name.h"

namespace packetsentry::spool {

struct FoundSegment {
    SegmentName name = {};
    bool rows = false;
    bool index = false;
    bool packets = false;
};

// Removes what was not finished when the daemon was stopped, and returns the other files of segments in
// the order of their names. Files with other names are left alone.
[[nodiscard]] base::Result<std::vector<FoundSegment>> find_segments(const Directory& directory);

}  // namespace packetsentry::spool
