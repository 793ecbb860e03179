// How a job goes on in another output file, which its client opens.
//
// The worker asks for a file when the present one is full and everything is written to it. The client, in
// the foreground, is asked for the file, opens it with its own rights, and passes it on. The daemon sends
// it to the worker, and goes by the worker's counts to know which of the two files that is writing to.
// Until then the present file is the one to which a next worker would have to be given; the new file is
// kept for the next question of this worker or of another one. So whatever happens to a worker, only one
// file may end in the middle of a block.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/jobs/job.h"
#include "daemon/jobs/launcher.h"
#include "daemon/workers/output.h"

namespace packetsentry::jobs {

// A file that a client has opened.
struct GivenOutput {
    base::UniqueFd file;
    std::string name;  // what the user calls it
};

// Checks a file that a client has given, against the one that the job writes now. Errors: file (it is no
// ordinary file that is open for writing; or it is in memory, for which only a job counts whose first
// file is there too). Asks only the kernel, and never a file system.
[[nodiscard]] base::Result<void> check_given(int given, int present);

// Used by one thread.
class OutputChange {
  public:
    explicit OutputChange(std::shared_ptr<Job> job) : job_(std::move(job)) {}

    // Call this before a worker is sent Go.
    void worker_begins(const WorkerPtr& worker);
    // The worker asks for a file.
    void worker_wants();
    // The answer of the client to a question with this number. An error: why there is no file. Error
    // (usage): nobody has asked.
    [[nodiscard]] base::Result<void> give(std::uint64_t number, base::Result<GivenOutput> given);
    // The client is gone, so there will be no further file.
    void end();
    // Call this with the counts of the present worker. Returns the file that it is writing to now, once,
    // if it has begun another one.
    [[nodiscard]] std::optional<GivenOutput> take_begun(const wire::Ledger& ledger);
    // Returns the file that was given and is not begun, or nothing.
    [[nodiscard]] std::optional<workers::FileId> waiting_id() const;

  private:
    void answer();

    std::shared_ptr<Job> job_;
    WorkerPtr worker_;
    bool wanted_ = false;  // the worker waits
    bool sent_ = false;    // given_, to this worker
    bool asked_ = false;   // the client has not answered yet
    bool over_ = false;
    std::uint64_t files_ended_ = 0;  // by the present worker
    std::optional<base::Result<GivenOutput>> given_;
};

}  // namespace packetsentry::jobs
