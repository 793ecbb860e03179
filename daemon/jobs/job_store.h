// The jobs that are to come back after a restart of the daemon: those in the background.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/state_directory.h"
#include "daemon/jobs/job.h"
#include "proto/messages/state.pb.h"

namespace packetsentry::jobs {

// Where outputs outlive the daemon: a client passed the descriptor, and the daemon cannot open the path.
struct OutputKeeper {
    std::function<void(std::uint64_t job, int output)> keep = [](std::uint64_t, int) {};
    std::function<void(std::uint64_t job)> forget = [](std::uint64_t) {};
};

// Files as proto/messages/state.proto describes them. One thread.
class JobStore {
  public:
    // Keeps nothing.
    JobStore() = default;
    // Makes the directory "jobs" in state. Without a state directory it keeps nothing.
    JobStore(const base::StateDirectory& state, OutputKeeper outputs);

    // Why nothing is kept; "" when it is.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }

    // Its state of now. Error: file; the job itself goes on.
    [[nodiscard]] base::Result<void> put(const Job& job, Moment now);
    // It runs still, and there is no more to tell: costs no write of its own.
    void mark_alive(std::uint64_t job);
    void remove(std::uint64_t job);

    struct Loaded {
        std::vector<wire::StoredJob> jobs;  // by id; alive_ns is the later of put() and mark_alive()
        std::vector<std::string> problems;  // files that hold no job, and why; they stay where they are
    };
    [[nodiscard]] Loaded load() const;

    [[nodiscard]] const OutputKeeper& outputs() const { return outputs_; }

  private:
    base::StateDirectory directory_;
    std::string trouble_;
    OutputKeeper outputs_;
};

}  // namespace packetsentry::jobs
