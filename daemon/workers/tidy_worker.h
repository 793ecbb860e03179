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

// The index that was made, and what was found in the rows file. An attacker may have taken the worker over.
struct MadeIndex {
    std::uint64_t bytes = 0;
    wire::SegmentReport found = {};
};

// Returns when the index is on the disk. rows: to read, up to rows_bytes. index: empty, to append to. Errors:
// the worker's, and internal (it could not be started, died, took too long, or broke its protocol).
[[nodiscard]] boost::asio::awaitable<base::Result<MadeIndex>> make_index(
    boost::asio::any_io_executor executor, std::string worker_path, base::UniqueFd rows,
    std::uint64_t rows_bytes, base::UniqueFd index);

}  // namespace packetsentry::workers
