#include "proto/query/evaluate/community_ids.h"

namespace packetsentry::query {

bool computes_community_ids(const BoundBatch& batch, const Source& source) {
    return source.info == &rows::field("network.community_id") &&
           flows::RowCommunityIds::are_for(batch.view());
}

void mark_community_ids(BoundBatch& batch, const Condition& condition, const Marks& marks) {
    flows::RowCommunityIds& ids = batch.bind_community_ids();
    if (condition.presence()) {
        for (std::uint32_t row = 0; row < batch.rows(); ++row)
            if (ids.has(row)) marks.mark(row, false);
        return;
    }
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
        if (const auto* const known = ids.at(row)) marks.mark(row, condition.fits(known->id()));
        if (!ids.has_inner()) continue;
        if (const auto* const known = ids.inner_at(row)) marks.mark(row, condition.fits(known->id()));
    }
}

}  // namespace packetsentry::query
