// The blocks that the index of a segment names for a question.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "daemon/spool/format/index_view.h"
#include "daemon/spool/search/frame_walk.h"
#include "daemon/spool/search/index_plan.h"
#include "daemon/spool/search/spool_file.h"
#include "daemon/spool/search/time_set.h"

namespace packetsentry::spool {

// What an index says that is to be read of the rows file.
struct NamedBlocks {
    std::vector<Stretch> stretches = {};  // in the order of the file
    std::uint32_t blocks = 0;             // of the whole segment
    std::uint32_t left_aside = 0;         // that cannot have a row that is found
};

// Reads the head of the index, and then only the tables that the plan needs, one at a time. Returns
// nothing if the index cannot be used: it is not that of this rows file, its list of fields is an older
// one, it is damaged, or its places are no places of frames. A table that cannot be used names every
// block. rows: the header of the rows file; rows_bytes: its closed length.
[[nodiscard]] std::optional<NamedBlocks> ask_index(const SpoolFile& index, const FileHeader& rows,
                                                   std::uint64_t rows_bytes, const IndexPlan& plan,
                                                   const SoughtTimes& times);

}  // namespace packetsentry::spool
