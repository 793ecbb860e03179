// Starts the workers of one job, each within the limits of the user who pays for it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "daemon/base/closing.h"
#include "daemon/base/result.h"
#include "daemon/jobs/job.h"
#include "daemon/jobs/stored_mask_key.h"
#include "daemon/quota/capture_resources.h"
#include "daemon/workers/output.h"
#include "daemon/workers/worker_handle.h"

namespace packetsentry::jobs {

using WorkerPtr = std::shared_ptr<workers::WorkerHandle>;

// A worker that is not ready after this time is killed.
inline constexpr std::chrono::seconds kToBeReady{15};

class Launcher {
  public:
    // Tells a worker what to keep in the spool.
    using DescribeKeeping = std::function<void(wire::Begin&)>;

    // output: the job's output, which may be closed at any time. output, mask_key and resources must remain
    // live while this Launcher is in use. keeping: empty if nothing is kept.
    Launcher(const boost::asio::any_io_executor& executor, std::shared_ptr<const Job> job,
             std::string worker_path, const workers::Output& output, MaskKey& mask_key,
             quota::CaptureResources& resources, DescribeKeeping keeping);

    // Starts a worker and tells it what to capture. The worker answers when it is ready, or why it cannot
    // capture. predecessor: the worker that it is going to replace, or null. Errors: internal; those of
    // CaptureResources::take().
    [[nodiscard]] base::Result<WorkerPtr> start(const wire::CaptureSpec& capture, const wire::Terms& terms,
                                                const WorkerPtr& predecessor);
    // Counts the instructions of a ready worker's kernel filters, because their number is known only after
    // compilation. Error (filter): they exceed the user's limit, and the worker was killed.
    [[nodiscard]] base::Result<void> count_filters(workers::WorkerHandle& worker, const wire::Ready& ready);

  private:
    [[nodiscard]] quota::CaptureNeeds needs_of(const wire::CaptureSpec& capture) const;

    boost::asio::any_io_executor executor_;
    std::shared_ptr<const Job> job_;
    std::string worker_path_;
    const workers::Output& output_;
    MaskKey& mask_key_;
    quota::CaptureResources& resources_;
    DescribeKeeping keeping_;
    std::uint64_t memory_output_bytes_ = 0;  // how much memory the output may use; 0: it is not in memory
    // Counts the workers whose processes have not ended. These may be more than the job still knows.
    base::Count unended_ = std::make_shared<std::atomic<std::uint32_t>>(0);
};

}  // namespace packetsentry::jobs
