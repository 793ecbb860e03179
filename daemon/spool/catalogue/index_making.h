// The index of a closed segment while a worker makes it: a file with an unfinished name, which gets its
// own name when it is complete. Where rows are missing whose packets are there, the rows file is made anew in
// the same way.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/spool/catalogue/directory.h"
#include "daemon/spool/catalogue/segment.h"

namespace packetsentry::spool {

// What a worker needs to make rows again (daemon/worker/row_repair.h).
struct BegunRepair {
    base::UniqueFd rows = {};     // empty, O_WRONLY|O_APPEND
    base::UniqueFd packets = {};  // to read, up to packets_bytes
    std::uint64_t packets_bytes = 0;
    FileHeader header = {};  // of the rows file
    std::uint32_t run = 0;
    std::uint64_t first_number = 1;  // of the first row, unless the rows file tells
    std::uint64_t number_limit = 0;  // all rows have lower numbers; 0: it is not known
    std::uint64_t known_rows = 0;    // that the segment had; 0: it is not known
};

struct BegunIndex {
    base::UniqueFd rows = {};      // to read, up to rows_bytes
    std::uint64_t rows_bytes = 0;  // the closed length
    base::UniqueFd index = {};     // empty, O_WRONLY|O_APPEND
    std::optional<BegunRepair> repair = {};
};

// Begins the index from the start, also if it was begun before. Error (file).
[[nodiscard]] base::Result<BegunIndex> begin_index_file(const Directory& directory, const Segment& segment);
// Begins to make rows again, for an index that was begun. segments: all of the job, in the order of their
// counters. identity: the spool and the job. Error (file).
[[nodiscard]] base::Result<BegunRepair> begin_rows_file(const Directory& directory,
                                                        const FileHeader& identity, const Segment& segment,
                                                        std::span<const Segment> segments);
// Puts a file that was made, an index or rows, in its place. bytes: its length. Error (file): the worker has
// written less, or the disk fails.
[[nodiscard]] base::Result<void> finish_file(const Directory& directory, const Segment& segment,
                                             SegmentFile file, std::uint64_t bytes);
// Returns the length of what was begun; 0 if there is nothing.
[[nodiscard]] base::Result<std::uint64_t> begun_index_bytes(const Directory& directory,
                                                            const Segment& segment);
// Removes what was begun, if there is anything: the index, and rows.
[[nodiscard]] base::Result<void> remove_begun_index(const Directory& directory, const Segment& segment);

}  // namespace packetsentry::spool
