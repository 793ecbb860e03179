#include "daemon/service/standing_orders.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "daemon/base/names.h"
#include "daemon/spool/catalogue/segment_size.h"
#include "daemon/standing/job_directory.h"
#include "proto/words/kept_tables.h"
#include "proto/words/table_names.h"

namespace packetsentry::service {
namespace {

wire::Retention retention_of(const standing::Keep& keep) {
    wire::Retention retention;
    retention.set_bytes(keep.bytes);
    retention.set_age_ns(static_cast<std::uint64_t>(std::chrono::nanoseconds(keep.age).count()));
    return retention;
}

// A job's file calls each of these parts as the table is called.
const std::optional<standing::Keep>& kept_part(const standing::StandingJob& job, std::string_view name) {
    static const std::optional<standing::Keep> kNothing;
    const auto* const part = std::ranges::find(standing::kKeptParts, name, &standing::KeptPart::name);
    return part == standing::kKeptParts.end() ? kNothing : job.*part->keep;
}

// Rows are kept at least as long as their packets, which nobody could find without them.
wire::Keep keep_of(const standing::StandingJob& job, std::uint64_t spool_bytes) {
    wire::Keep keep;
    std::uint64_t least = spool_bytes;
    if (job.packets) *keep.mutable_packets() = retention_of(*job.packets);
    if (job.rows)
        *keep.mutable_rows() = retention_of(*job.rows);
    else if (job.packets)
        keep.mutable_rows()->set_age_ns(keep.packets().age_ns());
    for (const proto::DerivedKeep& derived : proto::kDerivedKeeps)
        if (const auto& kept = kept_part(job, proto::name_of_table(derived.table)))
            *(keep.*derived.mutable_retention)() = retention_of(*kept);
    for (const wire::Retention& one : proto::retentions_of(keep))
        if (one.bytes() != 0) least = std::min(least, one.bytes());
    keep.set_segment_bytes(spool::segment_bytes(least));
    return keep;
}

void add_readers(const standing::StandingJob& job, FoundOrders& found, wire::Standing& standing) {
    for (const std::string& name : job.readers.users) {
        if (const auto user = base::find_user(name))
            standing.add_reader_user(user->uid);
        else
            found.warnings.push_back(job.path + ": there is no user '" + name + "'");
    }
    for (const std::string& name : job.readers.groups) {
        if (const auto group = base::group_id(name))
            standing.add_reader_group(*group);
        else
            found.warnings.push_back(job.path + ": there is no group '" + name + "'");
    }
}

jobs::StandingOrder order_of(const standing::StandingJob& job, std::uint64_t spool_bytes,
                             FoundOrders& found) {
    jobs::StandingOrder order{.name = job.name, .keep = keep_of(job, spool_bytes)};
    *order.capture.mutable_filter() = job.filter;
    order.capture.set_snapshot_length(job.snapshot_length);
    order.standing.mutable_interface()->Assign(job.interfaces.begin(), job.interfaces.end());
    add_readers(job, found, order.standing);
    return order;
}

}  // namespace

FoundOrders read_standing_orders(const config::Config& config, uid_t owner, std::uint64_t spool_bytes) {
    FoundOrders found;
    const auto files = standing::read_job_directory(config.jobs_directory, owner);
    for (const base::Error& error : files.errors) found.errors.push_back(error.message);
    for (const standing::StandingJob& job : files.jobs)
        found.orders.push_back(order_of(job, spool_bytes, found));
    return found;
}

}  // namespace packetsentry::service
