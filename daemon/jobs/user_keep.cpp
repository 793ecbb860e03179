#include "daemon/jobs/user_keep.h"

#include <algorithm>

#include "daemon/spool/catalogue/segment_size.h"
#include "proto/words/kept_tables.h"

namespace packetsentry::jobs {
namespace {

void limit(wire::Retention& retention, std::uint64_t bytes) {
    if (retention.bytes() == 0 || bytes < retention.bytes()) retention.set_bytes(bytes);
}

}  // namespace

bool keeps_something(const wire::Keep& keep) {
    return !proto::kept_tables(keep).empty();
}

bool keeps_the_same(const wire::Keep& one, const wire::Keep& other) {
    return one.has_rows() == other.has_rows() && one.has_packets() == other.has_packets() &&
           proto::kept_tables(one) == proto::kept_tables(other);
}

base::Result<wire::Keep> keep_of_user(const wire::Keep& asked, const UserSpace& space) {
    if (!keeps_something(asked))
        return base::fail(base::ErrorCode::usage,
                          "the request asks to keep something, but names nothing that this daemon can keep");
    wire::Keep keep = asked;
    keep.DiscardUnknownFields();
    // Nobody could find packets without their rows.
    if (!keep.has_rows() && keep.has_packets()) keep.mutable_rows()->set_age_ns(keep.packets().age_ns());
    // A job has an open segment of each table.
    const auto tables = static_cast<std::uint32_t>(proto::kept_tables(keep).size());
    std::uint64_t segment = spool::user_segment_bytes(space.bytes, tables * space.jobs);
    for (const wire::Retention& one : proto::retentions_of(keep))
        if (one.bytes() != 0) segment = std::min(segment, spool::segment_bytes(one.bytes()));
    keep.set_segment_bytes(segment);
    return keep;
}

wire::Keep limited(wire::Keep keep, const wire::Terms& terms) {
    if (terms.file_bytes() == 0) return keep;
    if (keep.has_packets())
        limit(*keep.mutable_packets(), terms.file_bytes());
    else if (keep.has_rows())
        limit(*keep.mutable_rows(), terms.file_bytes());
    for (const proto::DerivedKeep& derived : proto::kDerivedKeeps)
        if ((keep.*derived.has)()) limit(*(keep.*derived.mutable_retention)(), terms.file_bytes());
    return keep;
}

}  // namespace packetsentry::jobs
