// Stores jobs in the background, so that they start again after a restart of the daemon.
//
// Two things are kept for such a job: its file in the store, and its output, a descriptor that its user
// opened and that systemd holds while the daemon restarts. They must agree. After a worker has died, the next
// one must truncate the output, and the file in the store says to which size. If this size could not be
// stored, the output is not kept, because after a restart it would be truncated to an older size, or not at
// all.
//
// If a job ends for good, its file is removed before its worker has ended, so that the job does not start
// again even if the daemon is killed meanwhile.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

#include "daemon/jobs/job_store.h"
#include "daemon/jobs/running_job.h"

namespace packetsentry::jobs {

// A live job, and what has been stored about it.
struct LiveJob {
    std::shared_ptr<RunningJob> running;
    std::uint64_t stored_delivered = 0;                    // delivered packets in the counts stored last
    std::chrono::steady_clock::time_point store_due = {};  // changed counts are not stored before this time
    bool ended_for_good = false;   // the job has ended or will end: it is not stored again
    bool output_left_out = false;  // the output is not kept, as its size was not stored

    [[nodiscard]] const Job& job() const { return *running->job(); }
};

// Used by one thread. It ignores jobs in the foreground, which end with their client.
class Keeper {
  public:
    explicit Keeper(JobStore store) : store_(std::move(store)) {}

    // Stores the job as it is now. Returns false if that failed, which is logged.
    bool store(LiveJob& live);
    // Stores the size to which the output must be truncated.
    void store_cut(LiveJob& live);
    // Stores changed counts once a minute; otherwise records that the job is alive.
    void store_progress(LiveJob& live);

    // Has the job's output kept open over a restart, if the job has one.
    void keep_output(const LiveJob& live);
    void forget_output(std::uint64_t job) { store_.outputs().forget(job); }

    // Removes the job from the store, because it is about to end and must not start again.
    void end_for_good(LiveJob& live);
    // Call this when the job is over. If it ended because the daemon is being stopped, it stays in the store
    // and starts again later; otherwise it is removed.
    void settle(LiveJob& live, bool daemon_stops);

    // Returns the jobs that must start again.
    [[nodiscard]] JobStore::Loaded load() const { return store_.load(); }

  private:
    JobStore store_;
};

}  // namespace packetsentry::jobs
