// Keeps jobs in the background stored, so that they come back after a restart of the daemon.
//
// Two things are kept of such a job: its file in the store, and its output, a descriptor that its user
// opened and that systemd holds meanwhile. They must fit each other. Where a worker has died, its output is
// to be truncated first, and the file says to which size; if that could not be stored, the output is not
// kept, because after a restart it would be truncated to an older size, or not at all. A job that ends for
// good is removed before its worker has ended, so that it does not come back whatever becomes of the daemon
// meanwhile.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

#include "daemon/jobs/job_store.h"
#include "daemon/jobs/running_job.h"

namespace packetsentry::jobs {

// A live job, and what is kept of it.
struct LiveJob {
    std::shared_ptr<RunningJob> running;
    std::uint64_t stored_delivered = 0;                    // how many packets the latest stored counts had
    std::chrono::steady_clock::time_point store_due = {};  // counts that changed are not stored again before
    bool ended_for_good = false;                           // or is about to: it is not stored any more
    bool output_left_out = false;  // its output is not kept, as its size could not be stored

    [[nodiscard]] const Job& job() const { return *running->job(); }
};

// One thread. Jobs in the foreground, which end with their client, are not kept.
class Keeper {
  public:
    explicit Keeper(JobStore store) : store_(std::move(store)) {}

    // Stores the job as it is now. false: it could not be stored, which is logged.
    bool store(LiveJob& live);
    // Stores that the output is to be truncated.
    void store_cut(LiveJob& live);
    // Stores counts that have changed, once a minute, and otherwise that the job is alive.
    void store_progress(LiveJob& live);

    // Has the job's output kept, where it has one.
    void keep_output(const LiveJob& live);
    void forget_output(std::uint64_t job) { store_.outputs().forget(job); }

    // The job is going to end, and does not come back.
    void end_for_good(LiveJob& live);
    // The job is over. Where it was stopped because the daemon stops, it stays, and goes on later; else it is
    // removed.
    void settle(LiveJob& live, bool daemon_stops);

    // Returns the jobs that are to come back.
    [[nodiscard]] JobStore::Loaded load() const { return store_.load(); }

  private:
    JobStore store_;
};

}  // namespace packetsentry::jobs
