// A worker that makes the index of a segment (daemon/worker/tidying.h), as the control process has it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::workers {

// The files of the segment.
struct TidyFiles {
    base::UniqueFd rows;           // to read
    base::UniqueFd index;          // empty, to append to
    base::UniqueFd new_rows = {};  // with Tidy.repair: empty, to append to
    base::UniqueFd packets = {};   // with Tidy.repair: to read
};

// The index that was made, and what was found in the rows file. An attacker may have taken the worker over.
struct MadeIndex {
    std::uint64_t bytes = 0;
    std::uint64_t rows_bytes = 0;  // of the new rows; 0: none were made
    wire::SegmentReport found = {};
};

// Returns when what was made is on the disk. Errors: the worker's, and internal (it could not be started,
// died, took too long, or broke its protocol).
[[nodiscard]] boost::asio::awaitable<base::Result<MadeIndex>> make_index(
    boost::asio::any_io_executor executor, std::string worker_path, wire::Tidy order, TidyFiles files);

}  // namespace packetsentry::workers
