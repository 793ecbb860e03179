// Finds out what others have done to the file that a job saves into.
#pragma once

#include <memory>
#include <optional>

#include "daemon/jobs/job.h"
#include "daemon/workers/output.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::jobs {

// A file that was removed, or that somebody truncated, does not have what was saved to it, so that saving
// ends. A file that was moved takes what is saved as before, and the job calls it by its new name. The client
// of a capture in the foreground watches by itself whether the file is truncated or moved.
class OutputWatch {
  public:
    // output must remain live while this OutputWatch is in use.
    OutputWatch(std::shared_ptr<Job> job, workers::Output& output) : job_(std::move(job)), output_(output) {}

    // Returns what has happened to the file since the last call, for people, or nothing. Where the notice is
    // SAVE_FAILED, saving is to end. Never waits for a file system.
    [[nodiscard]] std::optional<wire::Notice> look();

  private:
    [[nodiscard]] const char* reason_to_end_saving() const;
    [[nodiscard]] std::optional<wire::Notice> look_for_move();

    std::shared_ptr<Job> job_;
    workers::Output& output_;
};

}  // namespace packetsentry::jobs
