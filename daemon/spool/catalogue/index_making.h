// The index of a closed segment while a worker makes it: a file with an unfinished name, which gets its
// own name when it is complete.
#pragma once

#include <cstdint>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/spool/catalogue/directory.h"
#include "daemon/spool/catalogue/segment.h"

namespace packetsentry::spool {

struct BegunIndex {
    base::UniqueFd rows = {};      // to read, up to rows_bytes
    std::uint64_t rows_bytes = 0;  // the closed length
    base::UniqueFd index = {};     // empty, O_WRONLY|O_APPEND
};

// Begins the index from the start, also if it was begun before. Error (file).
[[nodiscard]] base::Result<BegunIndex> begin_index_file(const Directory& directory, const Segment& segment);
// Puts an index of this length in its place. Error (file): the worker has written less, or the disk
// fails.
[[nodiscard]] base::Result<void> finish_index_file(const Directory& directory, const Segment& segment,
                                                   std::uint64_t bytes);
// Returns the length of what was begun; 0 if there is nothing.
[[nodiscard]] base::Result<std::uint64_t> begun_index_bytes(const Directory& directory,
                                                            const Segment& segment);
// Removes what was begun, if there is anything.
[[nodiscard]] base::Result<void> remove_begun_index(const Directory& directory, const Segment& segment);

}  // namespace packetsentry::spool
