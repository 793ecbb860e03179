// Finds out whether others have removed, truncated or moved the file to which a job saves.
#pragma once

#include <memory>
#include <optional>

#include "daemon/jobs/job.h"
#include "daemon/workers/output.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::jobs {

// If the file was removed or truncated, the packets saved so far are no longer in it, so saving ends. If it
// was moved, the job continues to save to it and uses its new name. For a capture in the foreground, the
// client itself checks whether the file was truncated or moved.
class OutputWatch {
  public:
    // output must remain live while this OutputWatch is in use.
    OutputWatch(std::shared_ptr<Job> job, workers::Output& output) : job_(std::move(job)), output_(output) {}

    // Returns a notice about what has happened to the file since the last call, or nothing. If the notice is
    // SAVE_FAILED, the caller must end saving. Never waits for a file system.
    [[nodiscard]] std::optional<wire::Notice> look();

  private:
    [[nodiscard]] const char* reason_to_end_saving() const;
    [[nodiscard]] std::optional<wire::Notice> look_for_move();

    std::shared_ptr<Job> job_;
    workers::Output& output_;
};

}  // namespace packetsentry::jobs
