// The fields that every row of a batch has a place for: a function each, named by one table.
#pragma once

#include "proto/query/evaluate/bound_batch.h"
#include "proto/rows/fields.h"

namespace packetsentry::query {

// Marks the rows by the values of a dense field. False: the table has no function for the field.
bool mark_dense(BoundBatch& batch, const Condition& condition, const Source& source, const Marks& marks);

}  // namespace packetsentry::query
