#include "daemon/control/kept_requests.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
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
    std::vector<spool::TableUsage> tables = {};
    std::uint64_t by_users = 0;
    std::uint64_t by_asker = 0;
    std::optional<std::int64_t> since_ns = {};  // of what the asker keeps
    spool::Spool::DiskSpace disk = {};
    std::string path = {};
    std::optional<wire::SpoolCondition> condition = {};
};

// The earliest time of both, if there is one.
std::optional<std::int64_t> earliest_of(std::optional<std::int64_t> a, std::optional<std::int64_t> b) {
    if (!a || !b) return a ? a : b;
    return std::min(*a, *b);
}

void add(const spool::TableUsage& usage, std::vector<spool::TableUsage>& sums) {
    auto sum = std::ranges::find(sums, usage.table, &spool::TableUsage::table);
    if (sum == sums.end()) {
        sums.push_back(usage);
        return;
    }
    sum->segments += usage.segments;
    sum->rows += usage.rows;
    sum->rows_bytes += usage.rows_bytes;
    sum->packets_bytes += usage.packets_bytes;
    sum->rows_since_ns = earliest_of(sum->rows_since_ns, usage.rows_since_ns);
    sum->packets_since_ns = earliest_of(sum->packets_since_ns, usage.packets_since_ns);
    if (usage.bytes_per_day) sum->bytes_per_day = sum->bytes_per_day.value_or(0) + *usage.bytes_per_day;
}

wire::SpoolCondition described(const spool::SpoolCondition& found, const std::vector<std::string>& problems) {
    wire::SpoolCondition condition;
    condition.set_owner_uid(found.owner);
    condition.set_daemon_uid(::geteuid());
    condition.set_permissions(found.permissions);
    condition.set_file_system(found.file_system);
    condition.set_open_to_others(found.open_to_others);
    condition.set_foreign(found.foreign);
    for (const std::string& example : found.examples) condition.add_example(example);
    for (const std::string& problem : problems)
        if (condition.problem_size() < kProblemsTold) condition.add_problem(problem);
    condition.set_problems(problems.size());
    return condition;
}

bool is_standing(const spool::Segment& segment) {
    wire::KeptJob job;
    return segment.terms && job.ParseFromString(*segment.terms) && job.has_standing();
}

void add_by_user(const spool::Segment& segment, uid_t asker, Space& space) {
    if (is_standing(segment)) return;
    const std::uint64_t bytes = segment.rows_on_disk() + segment.packets_on_disk();
    space.by_users += bytes;
    if (segment.owner_uid != asker) return;
    space.by_asker += bytes;
    if (segment.rows_known()) space.since_ns = earliest_of(space.since_ns, segment.progress.first_time_ns);
}

Result<Space> look_at(spool::Spool& all, uid_t asker, bool with_condition) {
    Space space{.path = all.path()};
    for (const std::uint64_t job : all.jobs()) {
        for (const spool::TableUsage& usage : all.usage(job, jobs::now().wall_ns)) add(usage, space.tables);
        for (const spool::Segment& segment : all.list(job, {}))
            if (segment.kept()) add_by_user(segment, asker, space);
    }
    for (const spool::TableUsage& table : space.tables) space.kept += table.rows_bytes + table.packets_bytes;
    if (const auto disk = all.disk_space()) space.disk = *disk;
    if (!with_condition) return space;
    if (const auto condition = all.condition()) space.condition = described(*condition, all.problems());
    return space;
}

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

asio::awaitable<void> describe_kept(const Call& call, wire::Jobs& jobs) {
    std::vector<std::uint64_t> kept;
    for (const wire::Job& job : jobs.job())
        if (job.has_keep()) kept.push_back(job.id());
    const auto spool = call.shared().supervisor.spool();
    if (!spool || kept.empty()) co_return;
    using Usage = std::map<std::uint64_t, std::vector<spool::TableUsage>>;
    const std::function<Result<Usage>(spool::Spool&)> ask =
        [kept, at_ns = jobs::now().wall_ns](spool::Spool& all) -> Result<Usage> {
        Usage usage;
        for (const std::uint64_t job : kept) usage.emplace(job, all.usage(job, at_ns));
        return usage;
    };
    const auto usage = co_await spool->ask_briefly<Usage>(ask);
    if (!usage) co_return;
    for (wire::Job& job : *jobs.mutable_job()) {
        const auto found = usage->find(job.id());
        if (found == usage->end()) continue;
        for (const spool::TableUsage& table : found->second) *job.add_kept() = described(table);
    }
}

asio::awaitable<void> describe_spool(const Call& call, wire::Status& status) {
    status.set_spool_trouble(call.shared().spool_trouble);
    status.set_spool_bytes_limit(call.shared().spool_bytes_limit);
    status.set_spool_user_bytes_limit(call.shared().spool_user_bytes_limit);
    const auto spool = call.shared().supervisor.spool();
    if (!spool) co_return;
    const bool with_condition = call.request.status().spool_condition();
    const std::function<Result<Space>(spool::Spool&)> ask = [with_condition,
                                                             asker = call.uid()](spool::Spool& all) {
        return look_at(all, asker, with_condition);
    };
    // The condition of the files is asked of the disk itself.
    auto asking = with_condition ? spool->ask<Space>(ask) : spool->ask_briefly<Space>(ask);
    const auto space = co_await std::move(asking);
    if (!space) {
        status.set_spool_trouble(space.error().message);
        co_return;
    }
    status.set_spool(space->path);
    status.set_spool_bytes(space->kept);
    status.set_spool_free_disk(space->disk.free_bytes);
    status.set_spool_free_disk_limit(call.shared().spool_free_disk_limit);
    for (const spool::TableUsage& table : space->tables) *status.add_spool_table() = described(table);
    if (space->condition) *status.mutable_spool_condition() = *space->condition;
    status.set_spool_user_bytes(space->by_users);
    status.set_your_spool_bytes(space->by_asker);
    status.set_your_spool_since_ns(space->since_ns.value_or(0));
}

}  // namespace packetsentry::control
