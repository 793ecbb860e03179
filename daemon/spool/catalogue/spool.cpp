#include "daemon/spool/catalogue/spool.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <chrono>
#include <ranges>
#include <utility>

#include "daemon/base/clock.h"
#include "daemon/base/syscall.h"
#include "daemon/spool/catalogue/age_guard.h"

namespace packetsentry::spool {
namespace {

using base::ErrorCode;

// As long as age removes nothing after a jump of the clock.
constexpr std::int64_t kLastHourNs = std::chrono::nanoseconds(AgeGuard::kPause).count();

std::unexpected<base::Error> no_such_job(std::uint64_t job) {
    return base::fail(ErrorCode::no_such_job, "the spool has no job " + std::to_string(job));
}

StoredSegment stored(std::uint64_t job, const Segment& segment) {
    return {.job = job,
            .counter = segment.counter,
            .table = segment.table,
            .owner_uid = segment.owner_uid,
            .open = segment.state == SegmentState::open,
            .newest_ns = segment.newest_ns(),
            .rows_bytes = segment.rows_on_disk() + segment.unreported.rows,
            .packets_bytes = segment.packets_on_disk() + segment.unreported.packets};
}

}  // namespace

base::Result<Spool> Spool::open(const std::string& directory, std::int64_t now_ns) {
    auto opened = Directory::open(directory);
    if (!opened) return std::unexpected(opened.error());
    auto identity = hold_identity(*opened, now_ns);
    if (!identity) return std::unexpected(identity.error());
    const auto names = opened->names();
    if (!names) return std::unexpected(names.error());
    Spool spool(std::move(*opened), std::move(*identity));
    spool.load_jobs(*names, now_ns);
    return spool;
}

void Spool::load_jobs(const std::vector<std::string>& names, std::int64_t now_ns) {
    for (const std::string& name : names) {
        const auto job = parse_job_directory(name);
        if (!job) continue;
        auto loaded = load_job(*job, now_ns);
        if (loaded) {
            jobs_.emplace(*job, std::move(*loaded));
        } else {
            problems_.push_back(loaded.error().message);
            unusable_[*job] = loaded.error().message;
        }
    }
}

base::Result<JobCatalogue> Spool::load_job(std::uint64_t job, std::int64_t now_ns) {
    const FileHeader identity{.spool = id(), .job = job};
    return JobCatalogue::load(directory_, identity, terms_, now_ns, problems_);
}

base::Result<JobCatalogue*> Spool::find_or_make(std::uint64_t job, std::int64_t now_ns) {
    const auto found = jobs_.find(job);
    if (found != jobs_.end()) return &found->second;
    auto made = load_job(job, now_ns);
    if (!made) return std::unexpected(made.error());
    unusable_.erase(job);
    return &jobs_.emplace(job, std::move(*made)).first->second;
}

base::Result<JobCatalogue*> Spool::find(std::uint64_t job) {
    const auto found = jobs_.find(job);
    if (found == jobs_.end()) return no_such_job(job);
    return &found->second;
}

base::Result<const JobCatalogue*> Spool::find(std::uint64_t job) const {
    const auto found = jobs_.find(job);
    if (found == jobs_.end()) return no_such_job(job);
    return &found->second;
}

base::Result<BegunSegment> Spool::begin_segment(const NewSegment& wanted, std::int64_t now_ns) {
    const auto job = find_or_make(wanted.job, now_ns);
    if (!job) return std::unexpected(job.error());
    ++segments_begun_;
    return (*job)->begin(wanted, terms_.share(wanted.terms), now_ns);
}

base::Result<void> Spool::note_progress(std::uint64_t job, std::uint64_t counter,
                                        const SegmentProgress& progress) {
    const auto found = find(job);
    if (!found) return std::unexpected(found.error());
    return (*found)->note_progress(counter, progress);
}

bool Spool::has_written(std::uint64_t job, std::uint64_t counter, const SegmentProgress& progress) const {
    const auto found = find(job);
    return !found || (*found)->has_written(counter, progress);
}

base::Result<void> Spool::close_segment(std::uint64_t job, std::uint64_t counter,
                                        const SegmentProgress& progress, std::int64_t closed_ns) {
    const auto found = find(job);
    if (!found) return std::unexpected(found.error());
    return (*found)->close(counter, progress, closed_ns);
}

base::Result<void> Spool::abandon_segment(std::uint64_t job, std::uint64_t counter, std::int64_t now_ns) {
    const auto found = find(job);
    if (!found) return std::unexpected(found.error());
    return (*found)->abandon(counter, now_ns);
}

void Spool::miss_rows(std::uint64_t job, std::uint64_t counter) {
    if (const auto found = find(job)) (*found)->miss_rows(counter);
}

base::Result<BegunIndex> Spool::begin_index(std::uint64_t job, std::uint64_t counter) {
    const auto found = find(job);
    if (!found) return std::unexpected(found.error());
    return (*found)->begin_index(counter);
}

base::Result<void> Spool::end_index(std::uint64_t job, std::uint64_t counter, std::uint64_t bytes,
                                    const SegmentProgress& found_rows, std::uint64_t rows_bytes) {
    const auto found = find(job);
    if (!found) return std::unexpected(found.error());
    return (*found)->end_index(counter, bytes, found_rows, rows_bytes);
}

void Spool::discard_index(std::uint64_t job, std::uint64_t counter) {
    if (const auto found = find(job)) (*found)->discard_index(counter);
}

base::Result<ReadableSegment> Spool::open_to_read(std::uint64_t job, std::uint64_t counter) {
    const auto found = find(job);
    if (!found) return std::unexpected(found.error());
    auto opened = (*found)->open_to_read(counter);
    if (opened) opened->hold = holds_.hold(job, counter);
    return opened;
}

base::Result<WrittenBytes> Spool::look(std::uint64_t job, std::uint64_t counter) {
    const auto found = find(job);
    if (!found) return std::unexpected(found.error());
    return (*found)->look(counter);
}

bool Spool::is_being_written(std::uint64_t job, std::uint64_t counter) const {
    const auto found = find(job);
    return found && (*found)->is_being_written(counter);
}

base::Result<std::uint64_t> Spool::index_written(std::uint64_t job, std::uint64_t counter) const {
    const auto found = find(job);
    if (!found) return std::unexpected(found.error());
    return (*found)->index_written(counter);
}

std::vector<UnindexedSegment> Spool::without_index() const {
    std::vector<UnindexedSegment> unindexed;
    for (const auto& [job, catalogue] : jobs_)
        for (const Segment& segment : catalogue.segments() | std::views::reverse)
            if (segment.needs_index()) unindexed.push_back({.job = job, .counter = segment.counter});
    return unindexed;
}

std::vector<std::uint64_t> Spool::jobs() const {
    const auto numbers = jobs_ | std::views::keys;
    return {numbers.begin(), numbers.end()};
}

std::vector<Segment> Spool::list(std::uint64_t job, const TimeRange& range,
                                 std::optional<std::uint32_t> table) const {
    std::vector<Segment> listed;
    const auto found = find(job);
    if (!found) return listed;
    for (const Segment& segment : (*found)->segments())
        if ((!table || segment.table == *table) && segment.overlaps(range)) listed.push_back(segment);
    return listed;
}

std::vector<TableUsage> Spool::usage(std::uint64_t job, std::int64_t now_ns) const {
    const auto found = find(job);
    return found ? usage_by_table((*found)->segments(), now_ns) : std::vector<TableUsage>();
}

KeptSince Spool::kept_since(std::uint64_t job, std::uint32_t table) const {
    const auto found = find(job);
    return found ? spool::kept_since((*found)->segments(), table) : KeptSince();
}

std::int64_t Spool::last_known_ns(std::int64_t now_ns) const {
    const std::int64_t before_ns = now_ns - kLastHourNs;
    std::int64_t newest = 0;
    for (const auto& [job, catalogue] : jobs_)
        for (const Segment& segment : catalogue.segments())
            for (const std::int64_t time_ns : {segment.created_ns, segment.closed_ns})
                if (time_ns < before_ns) newest = std::max(newest, time_ns);
    return newest;
}

std::map<std::uint64_t, std::uint32_t> Spool::last_runs() const {
    std::map<std::uint64_t, std::uint32_t> runs;
    for (const auto& [job, catalogue] : jobs_)
        for (const Segment& segment : catalogue.segments()) runs[job] = std::max(runs[job], segment.run);
    return runs;
}

std::vector<StoredSegment> Spool::stored_segments() const {
    std::vector<StoredSegment> segments;
    for (const auto& [job, catalogue] : jobs_)
        for (const Segment& segment : catalogue.segments())
            if (segment.kept()) segments.push_back(stored(job, segment));
    return segments;
}

RemovedTotal Spool::remove(std::span<const Removal> removals) {
    std::map<std::uint64_t, std::vector<Removal>> by_job;  // so each catalogue is written once
    for (const Removal& removal : removals) by_job[removal.job].push_back(removal);
    RemovedTotal total;
    for (const auto& [job, of_job] : by_job)
        if (const auto found = find(job)) (*found)->remove(of_job, total);
    holds_.removed(total.files);
    return total;
}

base::Result<PurgeReport> Spool::purge(const PurgeOrder& order) {
    const auto found = find(order.job);
    if (!found) return std::unexpected(found.error());
    PurgePlan plan = plan_purge((*found)->segments(), order);
    PurgeReport report{.rows = plan.rows, .staying = std::move(plan.staying)};
    if (order.dry_run)
        for (const Removal& removal : plan.removals) {
            ++report.removed.segments;
            report.removed.bytes += removal.bytes;
        }
    else
        (*found)->remove(plan.removals, report.removed);
    holds_.removed(report.removed.files);
    return report;
}

// A job that cannot be forgotten now is tried again the next time.
void Spool::forget_gone(const std::set<std::uint64_t>& live, std::size_t most) {
    std::vector<std::uint64_t> gone;
    for (const auto& [job, catalogue] : jobs_)
        if (catalogue.is_empty() && !live.contains(job)) gone.push_back(job);
    if (gone.size() <= most) return;
    gone.resize(gone.size() - most);
    for (const std::uint64_t job : gone)
        if (jobs_.at(job).remove_all()) jobs_.erase(job);
}

base::Result<Spool::DiskSpace> Spool::disk_space() const {
    struct statvfs status {};
    if (::fstatvfs(directory_.fd(), &status) != 0)
        return base::syscall_failed("find out how much of the disk of '" + path() + "' is free",
                                    ErrorCode::file);
    return DiskSpace{.bytes = status.f_blocks * status.f_frsize,
                     .free_bytes = status.f_bavail * status.f_frsize};
}

base::Result<SpoolCondition> Spool::condition() {
    const auto now = base::SteadyClock::now();
    if (condition_ && now - condition_at_ <= kConditionAge) return *condition_;
    auto found = condition_of(directory_);
    if (!found) return found;
    condition_ = *found;
    condition_at_ = now;
    return found;
}

base::Result<void> Spool::save() {
    base::Result<void> saved;
    for (auto& [job, catalogue] : jobs_)
        if (auto one = catalogue.save(); !one) saved = one;
    return saved;
}

}  // namespace packetsentry::spool
