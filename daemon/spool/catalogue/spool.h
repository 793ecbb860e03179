// The spool as the control process has it: it opens, makes, names, lists and removes the files of
// recorded segments (../FORMAT.md), and reads no rows.
//
//   begin_segment() ─ note_progress() … ─ close_segment() ─ begin_index() ─ end_index() list() ─
//   open_to_read() …                     plan_removals(stored_segments(), …) ─ remove()
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/spool/catalogue/directory.h"
#include "daemon/spool/catalogue/job_catalogue.h"
#include "daemon/spool/catalogue/purge.h"
#include "daemon/spool/catalogue/retention.h"
#include "daemon/spool/catalogue/segment_hold.h"
#include "daemon/spool/catalogue/spool_condition.h"
#include "daemon/spool/catalogue/spool_identity.h"
#include "daemon/spool/catalogue/table_usage.h"
#include "daemon/spool/catalogue/terms_pool.h"

namespace packetsentry::spool {

// The spool remembers at most so many jobs that have ended and of which everything was removed, so that "no
// longer kept" is told of them. Otherwise there would be more of them for ever.
inline constexpr std::size_t kGoneJobs = 1024;

// A segment that is to be indexed.
struct UnindexedSegment {
    std::uint64_t job = 0;
    std::uint64_t counter = 0;

    bool operator==(const UnindexedSegment&) const = default;
};

// One thread, and not that of an event loop, because all calls may block on the disk. What they return
// may be handed to other threads. Times are what the wall clock says, in nanoseconds since 1970; the
// caller reads the clocks. Errors have the code no_such_job if the spool has no such job, and otherwise
// those that JobCatalogue names for its function.
class Spool {
  public:
    // Opens a spool, or makes it (Directory::open()), and takes its lock, which it holds as long as this
    // object lives. Then it finds out what each job has. Error (file): hold_identity() says which, or the
    // directory cannot be used. A job whose catalogue cannot be used is left out; unusable() and problems()
    // say why.
    [[nodiscard]] static base::Result<Spool> open(const std::string& directory, std::int64_t now_ns);

    [[nodiscard]] const SpoolId& id() const { return identity_.id; }
    [[nodiscard]] const std::string& path() const { return directory_.path(); }
    // What a person should know about what was found, one line each.
    [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }

    // Begins a segment of a job, which need not have one yet.
    [[nodiscard]] base::Result<BegunSegment> begin_segment(const NewSegment& wanted, std::int64_t now_ns);
    // How many segments were begun since the spool was opened.
    [[nodiscard]] std::uint64_t segments_begun() const { return segments_begun_; }
    // These are functions of JobCatalogue.
    [[nodiscard]] base::Result<void> note_progress(std::uint64_t job, std::uint64_t counter,
                                                   const SegmentProgress& progress);
    [[nodiscard]] bool has_written(std::uint64_t job, std::uint64_t counter,
                                   const SegmentProgress& progress) const;
    [[nodiscard]] base::Result<void> close_segment(std::uint64_t job, std::uint64_t counter,
                                                   const SegmentProgress& progress, std::int64_t closed_ns);
    [[nodiscard]] base::Result<void> abandon_segment(std::uint64_t job, std::uint64_t counter,
                                                     std::int64_t now_ns);
    void miss_rows(std::uint64_t job, std::uint64_t counter);
    [[nodiscard]] base::Result<BegunIndex> begin_index(std::uint64_t job, std::uint64_t counter);
    [[nodiscard]] base::Result<void> end_index(std::uint64_t job, std::uint64_t counter, std::uint64_t bytes,
                                               const SegmentProgress& found, std::uint64_t rows_bytes = 0);
    void discard_index(std::uint64_t job, std::uint64_t counter);
    [[nodiscard]] base::Result<ReadableSegment> open_to_read(std::uint64_t job, std::uint64_t counter);
    [[nodiscard]] base::Result<WrittenBytes> look(std::uint64_t job, std::uint64_t counter);
    [[nodiscard]] bool is_being_written(std::uint64_t job, std::uint64_t counter) const;
    [[nodiscard]] base::Result<std::uint64_t> index_written(std::uint64_t job, std::uint64_t counter) const;

    // Returns the highest run of each job that a segment has, by job.
    [[nodiscard]] std::map<std::uint64_t, std::uint32_t> last_runs() const;

    // Closed segments without an index, or with missing rows, the newest of each job first, because these
    // are asked about most.
    [[nodiscard]] std::vector<UnindexedSegment> without_index() const;

    // The jobs that have a catalogue, in the order of their numbers.
    [[nodiscard]] std::vector<std::uint64_t> jobs() const;
    // Jobs whose part of the spool cannot be used, and why.
    [[nodiscard]] const std::map<std::uint64_t, std::string>& unusable() const { return unusable_; }
    // The segments of a job that may have rows in a range of time, in the order of their counters, of one
    // table or of all. Removed ones are among them, so that "no longer kept" is not taken for "nothing
    // found". Empty for a job that the spool does not have.
    [[nodiscard]] std::vector<Segment> list(std::uint64_t job, const TimeRange& range,
                                            std::optional<std::uint32_t> table = {}) const;
    [[nodiscard]] std::vector<TableUsage> usage(std::uint64_t job, std::int64_t now_ns) const;
    [[nodiscard]] KeptSince kept_since(std::uint64_t job, std::uint32_t table) const;
    // The newest time at which something was begun or closed, apart from the last hour; 0 if there is
    // nothing (AgeGuard). What was recorded in that hour may have the times of a clock that had jumped
    // before the daemon was started again.
    [[nodiscard]] std::int64_t last_known_ns(std::int64_t now_ns) const;

    // Everything that is kept, for plan_removals().
    [[nodiscard]] std::vector<StoredSegment> stored_segments() const;
    // Carries out a plan. Open segments, and segments that are gone already, are passed over.
    RemovedTotal remove(std::span<const Removal> removals);
    [[nodiscard]] base::Result<PurgeReport> purge(const PurgeOrder& order);
    // Forgets the oldest jobs of which everything was removed, until at most this number of them is left.
    // live: numbers of jobs that are still recorded.
    void forget_gone(const std::set<std::uint64_t>& live, std::size_t most = kGoneJobs);
    // Bytes of the disk, and those of them that this process can still write. Error (file).
    struct DiskSpace {
        std::uint64_t bytes = 0;
        std::uint64_t free_bytes = 0;
    };
    [[nodiscard]] base::Result<DiskSpace> disk_space() const;
    // Bytes of removed files that questions still read.
    [[nodiscard]] std::uint64_t returning_bytes() { return holds_.removed_bytes(); }
    // As it was found at most kConditionAge before. Error (file): the directory cannot be read.
    static constexpr std::chrono::seconds kConditionAge{2};
    [[nodiscard]] base::Result<SpoolCondition> condition();

    // Writes records that could not be written when they changed. Error (file): they cannot be written
    // now; call it again later.
    [[nodiscard]] base::Result<void> save();

  private:
    Spool(Directory directory, HeldIdentity identity)
        : directory_(std::move(directory)), identity_(std::move(identity)) {}

    void load_jobs(const std::vector<std::string>& names, std::int64_t now_ns);
    [[nodiscard]] base::Result<JobCatalogue> load_job(std::uint64_t job, std::int64_t now_ns);
    [[nodiscard]] base::Result<JobCatalogue*> find_or_make(std::uint64_t job, std::int64_t now_ns);
    [[nodiscard]] base::Result<JobCatalogue*> find(std::uint64_t job);
    [[nodiscard]] base::Result<const JobCatalogue*> find(std::uint64_t job) const;

    Directory directory_;
    HeldIdentity identity_;
    TermsPool terms_;
    std::map<std::uint64_t, JobCatalogue> jobs_;
    std::map<std::uint64_t, std::string> unusable_;
    std::vector<std::string> problems_;
    SegmentHolds holds_;
    std::optional<SpoolCondition> condition_;
    std::chrono::steady_clock::time_point condition_at_;
    std::uint64_t segments_begun_ = 0;
};

}  // namespace packetsentry::spool
