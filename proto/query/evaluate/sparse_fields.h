// The fields that only some rows have: one pass over the values that are there.
#pragma once

#include "proto/query/evaluate/bound_batch.h"

namespace packetsentry::query {

// Marks the rows by the values of a column. A batch without the column has no row with it.
void mark_sparse(BoundBatch& batch, const Condition& condition, const Source& source, const Marks& marks);

// A flag that is a word in a list: 1 where the list has the word, and 0 in the other rows that have the
// list's owner.
void mark_listed(BoundBatch& batch, const Condition& condition, const Source& source, const Marks& marks);

// The presence of a column: 1 where it has a value, and no value elsewhere.
void mark_presence(BoundBatch& batch, const Condition& condition, const Source& source, const Marks& marks);

}  // namespace packetsentry::query
