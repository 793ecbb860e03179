#include "daemon/control/kept_requests.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "daemon/jobs/moment.h"
#include "daemon/log/log.h"
#include "proto/messages/state.pb.h"

namespace packetsentry::control {

namespace asio = boost::asio;
using base::ErrorCode;
using base::Result;

namespace {

constexpr int kProblemsTold = 10;
constexpr const char* kNoSpool =
    "nothing is kept, because the spool cannot be used; 'packetsentryctl status' says why";

// What a purge finds of a name: the jobs that the user may purge, and whether there are others.
struct Meant {
    std::vector<std::uint64_t> jobs;
    bool others = false;
};

bool is_called(const spool::Segment& segment, std::uint64_t id, const std::string& name) {
    if (std::to_string(id) == name) return true;
    wire::KeptJob job;
    return job.ParseFromString(*segment.terms) && !job.name().empty() && job.name() == name;
}

// A job whose segments are not all the user's is not theirs.
Meant find_meant(const spool::Spool& spool, const std::string& name, uid_t user, bool unrestricted) {
    Meant meant;
    for (const std::uint64_t id : spool.jobs()) {
        const auto segments = spool.list(id, {});
        const auto called = [&](const spool::Segment& segment) { return is_called(segment, id, name); };
        if (std::ranges::none_of(segments, called)) continue;
        const auto own = [&](const spool::Segment& segment) {
            wire::KeptJob job;
            return segment.owner_uid == user && job.ParseFromString(*segment.terms) && !job.has_standing();
        };
        if (unrestricted || std::ranges::all_of(segments, own))
            meant.jobs.push_back(id);
        else
            meant.others = true;
    }
    return meant;
}

void add(const spool::PurgeReport& report, wire::Purged& sum) {
    sum.set_jobs(sum.jobs() + 1);
    sum.set_segments(sum.segments() + report.removed.segments);
    sum.set_bytes(sum.bytes() + report.removed.bytes);
    sum.set_rows(sum.rows() + report.rows);
    for (const std::string& problem : report.removed.problems)
        if (sum.problem_size() < kProblemsTold) sum.add_problem(problem);
    for (const spool::StayingSegment& staying : report.staying) {
        const bool first = sum.staying() == 0;
        sum.set_staying_from_ns(first ? staying.times.since_ns
                                      : std::min(sum.staying_from_ns(), staying.times.since_ns));
        sum.set_staying_to_ns(first ? staying.times.until_ns
                                    : std::max(sum.staying_to_ns(), staying.times.until_ns));
        sum.set_staying(sum.staying() + 1);
        sum.set_staying_open(sum.staying_open() || staying.open);
    }
}

Result<wire::Purged> purge(spool::Spool& spool, const wire::Purge& order, uid_t user, bool unrestricted) {
    const Meant meant = find_meant(spool, order.job(), user, unrestricted);
    // Another user is not told whether there is such a job.
    if (meant.jobs.empty())
        return base::fail(ErrorCode::no_such_job,
                          "nothing that you may remove is kept of a job '" + order.job().substr(0, 64) + "'" +
                              (unrestricted ? "" : "; what a standing job has kept is removed by root"));
    wire::Purged sum;
    for (const std::uint64_t job : meant.jobs) {
        auto report = spool.purge(
            {.job = job, .before_ns = order.before_ns(), .whole = order.whole(), .dry_run = order.dry_run()});
        if (!report) return std::unexpected(report.error());
        add(*report, sum);
    }
    return sum;
}

wire::KeptTable described(const spool::TableUsage& usage) {
    wire::KeptTable table;
    table.set_table(static_cast<wire::Table>(usage.table));
    table.set_rows(usage.rows);
    table.set_rows_bytes(usage.rows_bytes);
    table.set_packets_bytes(usage.packets_bytes);
    table.set_rows_since_ns(usage.rows_since_ns.value_or(0));
    table.set_packets_since_ns(usage.packets_since_ns.value_or(0));
    table.set_bytes_per_day(usage.bytes_per_day.value_or(0));
    return table;
}

struct Space {
    std::uint64_t kept = 0;
    spool::Spool::DiskSpace disk = {};
    std::string path = {};
};

}  // namespace

asio::awaitable<Outcome> purge_kept(Call& call) {
    const wire::Purge& order = call.request.purge();
    const auto spool = call.shared().supervisor.spool();
    if (!spool) co_return base::fail(ErrorCode::file, kNoSpool);
    const uid_t user = call.uid();
    const bool unrestricted = call.shared().unrestricted(user);
    const std::function<Result<wire::Purged>(spool::Spool&)> ask =
        [order, user, unrestricted](spool::Spool& all) { return purge(all, order, user, unrestricted); };
    // It may go on when nobody waits for it any more.
    if (!order.dry_run())
        log::tell(log::Event::purged, {log::uid_field(user), {log::kAction, "purge"}},
                  "uid {} has what job {} keeps removed", user, order.job().substr(0, 64));
    const auto purged = co_await spool->ask<wire::Purged>(ask);
    if (!purged) co_return std::unexpected(purged.error());
    if (!order.dry_run())
        log::tell(log::Event::purged, {log::uid_field(user), {log::kAction, "purge"}},
                  "uid {} removed what job {} had kept: {} segments, {} bytes", user,
                  order.job().substr(0, 64), purged->segments(), purged->bytes());
    Answer answer = call.answer();
    *answer.reply.mutable_purged() = *purged;
    co_return answer;
}

asio::awaitable<void> describe_kept(const Call& call, wire::Job& job) {
    const auto spool = call.shared().supervisor.spool();
    if (!spool || !job.has_keep()) co_return;
    using Usage = std::vector<spool::TableUsage>;
    const std::function<Result<Usage>(spool::Spool&)> ask =
        [id = job.id(), at_ns = jobs::now().wall_ns](spool::Spool& all) -> Result<Usage> {
        return all.usage(id, at_ns);
    };
    const auto usage = co_await spool->ask_briefly<Usage>(ask);
    if (!usage) co_return;
    for (const spool::TableUsage& table : *usage) *job.add_kept() = described(table);
}

asio::awaitable<void> describe_spool(const Call& call, wire::Status& status) {
    status.set_spool_trouble(call.shared().spool_trouble);
    status.set_spool_bytes_limit(call.shared().spool_bytes_limit);
    const auto spool = call.shared().supervisor.spool();
    if (!spool) co_return;
    const std::function<Result<Space>(spool::Spool&)> ask = [](spool::Spool& all) -> Result<Space> {
        Space space{.path = all.path()};
        for (const spool::StoredSegment& segment : all.stored_segments()) space.kept += segment.bytes();
        if (const auto disk = all.disk_space()) space.disk = *disk;
        return space;
    };
    const auto space = co_await spool->ask_briefly<Space>(ask);
    if (!space) {
        status.set_spool_trouble(space.error().message);
        co_return;
    }
    status.set_spool(space->path);
    status.set_spool_bytes(space->kept);
    status.set_spool_free_disk(space->disk.free_bytes);
}

}  // namespace packetsentry::control
