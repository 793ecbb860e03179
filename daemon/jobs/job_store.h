// Stores the jobs that start again after a restart of the daemon: those in the background.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/state_directory.h"
#include "daemon/jobs/job.h"
#include "daemon/jobs/late_writes.h"
#include "proto/messages/state.pb.h"

namespace packetsentry::jobs {

// Keeps the outputs of jobs open while the daemon restarts. A client opened the output, and the daemon cannot
// open its path again.
struct OutputKeeper {
    std::function<void(std::uint64_t job, int output)> keep = [](std::uint64_t, int) {};
    std::function<void(std::uint64_t job)> forget = [](std::uint64_t) {};
};

// proto/messages/state.proto describes the files. Used by one thread.
class JobStore {
  public:
    // Makes a store that stores nothing.
    JobStore() = default;
    // Creates the directory "jobs" in state. Without a state directory, nothing is stored.
    JobStore(const base::StateDirectory& state, OutputKeeper outputs);

    // Returns why nothing is stored, or "" if jobs are stored.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }

    // Stores the job's present state. Error (file): it could not be stored; the job itself continues.
    [[nodiscard]] base::Result<void> put(const Job& job, Moment now);
    // Likewise, in a thread, so that nobody waits for a disk that hangs. take_error() returns what has failed
    // since it was called last.
    void put_later(const Job& job, Moment now);
    [[nodiscard]] std::optional<base::Error> take_error();
    // Records that the job still runs and that its stored state has not changed. This writes no file, and is
    // done in a thread.
    void mark_alive(std::uint64_t job);
    void remove(std::uint64_t job);

    struct Loaded {
        std::vector<wire::StoredJob> jobs;  // by id; alive_ns is the time of the last put() or mark_alive()
        std::vector<std::string> problems;  // for each file that cannot be used, why; it is not removed
    };
    [[nodiscard]] Loaded load() const;

    [[nodiscard]] const OutputKeeper& outputs() const { return outputs_; }

  private:
    base::StateDirectory directory_;
    std::unique_ptr<LateWrites> late_;  // null: nothing is stored
    std::string trouble_;
    OutputKeeper outputs_;
};

}  // namespace packetsentry::jobs
