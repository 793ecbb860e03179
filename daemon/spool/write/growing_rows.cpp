#include "daemon/spool/write/growing_rows.h"

#include <algorithm>
#include <utility>

namespace packetsentry::spool {

void GrowingRows::begin(const FileHeader& header, std::uint64_t packets_bytes) {
    progress_ = {};
    seed_ = header.seed();
    bytes_ = encode(header);
    give(packets_bytes);
}

void GrowingRows::give(std::uint64_t packets_bytes) {
    const Bytes bytes = as_bytes(bytes_);
    chunk_.bytes.assign(bytes.begin(), bytes.end());
    chunk_.end_block(false);
    progress_.rows_bytes += bytes.size();
    progress_.packets_bytes = packets_bytes;
    chunk_ = output_.give_rows(std::move(chunk_), progress_);
}

void GrowingRows::count(const BlockFacts& facts) {
    const bool first = progress_.blocks == 0;
    if (first) progress_.first_number = facts.first_number;
    progress_.last_number = facts.first_number + facts.rows - 1;
    progress_.first_time_ns =
        first ? facts.first_time_ns : std::min(progress_.first_time_ns, facts.first_time_ns);
    progress_.last_time_ns =
        first ? facts.last_time_ns : std::max(progress_.last_time_ns, facts.last_time_ns);
    progress_.rows += facts.rows;
    ++progress_.blocks;
}

}  // namespace packetsentry::spool
