// All jobs there are: the live ones, and the finished ones that are kept for a while.
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
    std::uint64_t window_bytes = 64ULL << 20;  // a job
    std::uint64_t kept_bytes = 512ULL << 20;   // all jobs
};

// One thread, no I/O but the id counter's.
class Registry {
  public:
    using JobPtr = std::shared_ptr<Job>;
    using Visible = std::function<bool(const Job&)>;

    Registry(Limits limits, IdCounter ids) : limits_(limits), ids_(std::move(ids)) {}

    // A new job, starting. Errors (usage): the name is that of a live one of its owner, or not one; too
    // many live jobs. Whoever may not see others' jobs must not find out their names by starting one.
    [[nodiscard]] base::Result<JobPtr> add(Order order, Moment now);
    // Adds a job that ran before the daemon was restarted, in the state starting. No limit refuses it.
    [[nodiscard]] JobPtr resume(const wire::StoredJob& stored, Moment now);
    // A start that failed leaves no job behind.
    void remove(std::uint64_t id) { jobs_.erase(id); }

    // By id, name or unique prefix of either among those visible; of a name, the asker's own, and the
    // newest. Errors (no_such_job) tell what it could be.
    [[nodiscard]] base::Result<JobPtr> find(std::string_view text, const Visible& visible, uid_t asker) const;

    // Tells whether there is room for one more live job that counts against payer's limits. by_policy: how
    // many live jobs payer may have; 0: as the limits say. Error (usage): there are too many.
    [[nodiscard]] base::Result<void> room_for(uid_t payer, std::uint32_t by_policy) const;

    [[nodiscard]] std::vector<JobPtr> all(const Visible& visible) const;  // by id
    [[nodiscard]] std::uint32_t live() const;
    [[nodiscard]] std::uint32_t finished() const;
    [[nodiscard]] std::uint64_t kept_bytes() const;
    [[nodiscard]] const Limits& limits() const { return limits_; }
    // Lower ones end no live job; trim() applies them to the rest.
    void set_limits(const Limits& limits) { limits_ = limits; }

    // Keeps the limits. Finished jobs that are too old go; where there are too many, the oldest of the user
    // who has the most of them. Where there are too many bytes, the user who has the most gives: the oldest
    // finished job, then the oldest rows of the largest live one. So nobody's flood costs others theirs.
    void trim(Moment now);

  private:
    [[nodiscard]] base::Result<void> check(const Order& order) const;
    using Amount = std::function<std::uint64_t(const Job&)>;

    // Returns the user whose jobs sum up to the most. There must be a job.
    [[nodiscard]] uid_t owner_of_most(const Amount& amount) const;
    [[nodiscard]] JobPtr oldest_finished(const Visible& among) const;
    void take_bytes_of(uid_t owner);
    void drop(const JobPtr& job);

    Limits limits_;
    IdCounter ids_;
    std::map<std::uint64_t, JobPtr> jobs_;
};

}  // namespace packetsentry::jobs
