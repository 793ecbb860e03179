// The numbers of headers that every row has a place for, under construction.
#pragma once

#include <cstddef>
#include <vector>

#include "daemon/dissect/header_fields.h"
#include "proto/messages/batch.pb.h"

namespace packetsentry::record {

// Packet by packet while the batch grows, so that adding one is a single copy; turned into columns when it is
// sealed.
class HeaderColumns {
  public:
    void add(const dissect::HeaderFields& fields) { rows_.push_back(fields); }
    // Adds count rows of another batch, from the row first on.
    void add(const HeaderColumns& from, std::size_t first, std::size_t count) {
        const auto begin = from.rows_.begin() + static_cast<std::ptrdiff_t>(first);
        rows_.insert(rows_.end(), begin, begin + static_cast<std::ptrdiff_t>(count));
    }
    void clear() { rows_.clear(); }  // keeps what it has grown to

    // Writes the columns that are not zero in every row.
    void copy_to(wire::Batch& batch);

  private:
    std::vector<dissect::HeaderFields> rows_;
};

}  // namespace packetsentry::record
