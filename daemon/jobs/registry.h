// Has all jobs: the live ones, and those that have ended and are kept for a while.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/jobs/id_counter.h"
#include "daemon/jobs/job.h"
#include "proto/messages/state.pb.h"

namespace packetsentry::jobs {

struct Limits {
    std::uint32_t live = 64;
    std::uint32_t live_per_user = 16;
    std::uint32_t finished = 1024;
    std::chrono::minutes finished_for{24 * 60};
    std::uint64_t window_bytes = 64ULL << 20;  // rows of one job
    std::uint64_t kept_bytes = 512ULL << 20;   // rows of all jobs together
};

// Used by one thread. Only the id counter does I/O.
class Registry {
  public:
    using JobPtr = std::shared_ptr<Job>;
    using Visible = std::function<bool(const Job&)>;

    Registry(Limits limits, IdCounter ids) : limits_(limits), ids_(std::move(ids)) {}

    // Adds a new job, in the state starting. Errors (usage): the name is not valid, or a live job of the same
    // owner has it; there are too many live jobs. Names of other users' jobs are not compared, because a user
    // must not find out these names by starting a job.
    [[nodiscard]] base::Result<JobPtr> add(Order order, Moment now);
    // Adds a job that ran before the daemon was restarted, in the state starting. No limit refuses it.
    [[nodiscard]] JobPtr resume(const wire::StoredJob& stored, Moment now);
    // Removes a job whose start has failed.
    void remove(std::uint64_t id) { jobs_.erase(id); }

    // Finds a job by its id, its name or a unique prefix of either, among the visible jobs. If several jobs
    // have the name, the asker's own jobs come first, and the newest of these is returned. Error
    // (no_such_job): the message says which jobs could be meant.
    [[nodiscard]] base::Result<JobPtr> find(std::string_view text, const Visible& visible, uid_t asker) const;

    // Checks whether there is room for one more live job that counts against payer's limits. by_policy: how
    // many live jobs the policy allows payer; 0: use the configured limit. Error (usage): there are too many.
    [[nodiscard]] base::Result<void> room_for(uid_t payer, std::uint32_t by_policy) const;

    [[nodiscard]] std::vector<JobPtr> all(const Visible& visible) const;  // by id
    [[nodiscard]] std::uint32_t live() const;
    [[nodiscard]] std::uint32_t finished() const;
    [[nodiscard]] std::uint64_t kept_bytes() const;
    [[nodiscard]] const Limits& limits() const { return limits_; }
    // If a new limit is lower, no live job is ended; trim() applies it to everything else.
    void set_limits(const Limits& limits) { limits_ = limits; }

    // Enforces the limits. Ended jobs that are too old are discarded. If there are too many ended jobs, the
    // user who has the most of them loses the one that ended first. If there are too many bytes, the user who
    // has the most bytes loses the job that ended first, or, if none has ended, the oldest rows of their
    // largest live job. So a user who records very much does not make others lose anything.
    void trim(Moment now);

  private:
    [[nodiscard]] base::Result<void> check(const Order& order) const;
    using Amount = std::function<std::uint64_t(const Job&)>;

    // Returns the user whose jobs have the largest sum of this amount. There must be a job.
    [[nodiscard]] uid_t owner_of_most(const Amount& amount) const;
    [[nodiscard]] JobPtr oldest_finished(const Visible& among) const;
    void take_bytes_of(uid_t owner);
    void drop(const JobPtr& job);

    Limits limits_;
    IdCounter ids_;
    std::map<std::uint64_t, JobPtr> jobs_;
};

}  // namespace packetsentry::jobs
