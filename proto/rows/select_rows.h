// A batch of some rows of another one: what an answer about the past consists of.
#pragma once

#include <cstdint>
#include <span>

#include "proto/messages/batch.pb.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::proto {

// Returns a batch that has these rows alone, with everything that they say, and their numbers
// (Batch.left_out). rows: at least one, ascending, each below view.rows(); if these are all rows of a
// parsed batch, it is the batch as it was. Otherwise the dictionaries of the new batch have only the entries
// that its rows need, so slots and indices are other ones than before, and a column that none of the rows has
// is not there. BatchView::check() accepts the batch, whatever the first one was, unless the view is broken
// afterwards.
[[nodiscard]] wire::Batch select_rows(const BatchView& view, std::span<const std::uint32_t> rows);

}  // namespace packetsentry::proto
