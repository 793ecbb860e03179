#include "daemon/jobs/user_keep.h"

#include <algorithm>

#include "daemon/spool/catalogue/segment_size.h"

namespace packetsentry::jobs {
namespace {

void limit(wire::Retention& retention, std::uint64_t bytes) {
    if (retention.bytes() == 0 || bytes < retention.bytes()) retention.set_bytes(bytes);
}

}  // namespace

base::Result<wire::Keep> keep_of_user(const wire::Keep& asked, const UserSpace& space) {
    if (!asked.has_rows() && !asked.has_packets())
        return base::fail(base::ErrorCode::usage,
                          "the request asks to keep something, but neither rows nor packets");
    wire::Keep keep = asked;
    keep.DiscardUnknownFields();
    // Nobody could find packets without their rows.
    if (!keep.has_rows()) keep.mutable_rows()->set_age_ns(keep.packets().age_ns());
    std::uint64_t segment = spool::user_segment_bytes(space.bytes, space.jobs);
    for (const wire::Retention& one : {keep.packets(), keep.rows()})
        if (one.bytes() != 0) segment = std::min(segment, spool::segment_bytes(one.bytes()));
    keep.set_segment_bytes(segment);
    return keep;
}

wire::Keep limited(wire::Keep keep, const wire::Terms& terms) {
    if (terms.file_bytes() == 0) return keep;
    limit(keep.has_packets() ? *keep.mutable_packets() : *keep.mutable_rows(), terms.file_bytes());
    return keep;
}

}  // namespace packetsentry::jobs
