#include "daemon/spool/catalogue/purge.h"

namespace packetsentry::spool {
namespace {

StayingSegment staying(const Segment& segment) {
    return {.counter = segment.counter,
            .table = segment.table,
            .open = segment.state == SegmentState::open,
            .times_known = segment.rows_known(),
            .times = segment.times()};
}

bool begins_before(const Segment& segment, std::int64_t time_ns) {
    return (segment.rows_known() ? segment.progress.first_time_ns : segment.created_ns) < time_ns;
}

bool is_removed_by(const PurgeOrder& order, const Segment& segment) {
    if (segment.state != SegmentState::closed) return false;
    return order.whole || (segment.rows_known() && segment.progress.last_time_ns < order.before_ns);
}

}  // namespace

PurgePlan plan_purge(const std::vector<Segment>& segments, const PurgeOrder& order) {
    PurgePlan plan;
    for (const Segment& segment : segments) {
        if (!segment.kept() || !begins_before(segment, order.before_ns)) continue;
        if (!is_removed_by(order, segment)) {
            plan.staying.push_back(staying(segment));
            continue;
        }
        plan.removals.push_back({.job = order.job,
                                 .counter = segment.counter,
                                 .part = RemovedPart::whole,
                                 .reason = RemovalReason::purge,
                                 .bytes = segment.rows_on_disk() + segment.packets_on_disk()});
        plan.rows += segment.progress.rows;
    }
    return plan;
}

}  // namespace packetsentry::spool
