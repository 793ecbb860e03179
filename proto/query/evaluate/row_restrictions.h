// The rows in which a column's values are those of a name.
#pragma once

#include "proto/query/evaluate/bound_batch.h"

namespace packetsentry::query {

// Whether keep_rows() has anything to do; what is restricted value by value is not asked here.
[[nodiscard]] bool restricts_rows(const Restriction& restriction);

// Clears the rows of mask that the restriction leaves out. An empty mask stays as it is.
void keep_rows(BoundBatch& batch, const Restriction& restriction, Mask mask);

// Marks the rows that have the layer.
void mark_layer(BoundBatch& batch, std::string_view layer, Mask mask);

}  // namespace packetsentry::query
