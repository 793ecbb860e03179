// network.community_id of packets, which is no column of a batch but follows from the ends of a packet.
#pragma once

#include "proto/query/evaluate/bound_batch.h"
#include "proto/query/expression.h"

namespace packetsentry::query {

// Tells whether the values of the field are computed for this batch rather than read from it.
[[nodiscard]] bool computes_community_ids(const BoundBatch& batch, const Source& source);

// Marks the rows by their Community IDs: a packet in a tunnel has that of the outermost conversation and that
// of the innermost one.
void mark_community_ids(BoundBatch& batch, const Condition& condition, const Marks& marks);

}  // namespace packetsentry::query
