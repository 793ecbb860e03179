#include "daemon/jobs/launcher.h"

#include <utility>
#include <vector>

#include "daemon/base/local_file.h"
#include "daemon/stream/window.h"

namespace packetsentry::jobs {

namespace {

constexpr std::uint32_t kWorkersLimit = 8;
constexpr std::uint64_t kUsualRing = 64ULL << 20;  // CaptureSpec.ring_bytes: 0

}  // namespace

Launcher::Launcher(const boost::asio::any_io_executor& executor, std::shared_ptr<const Job> job,
                   std::string worker_path, const workers::Output& output, MaskKey& mask_key,
                   quota::CaptureResources& resources, DescribeKeeping keeping)
    : executor_(executor),
      job_(std::move(job)),
      worker_path_(std::move(worker_path)),
      output_(output),
      mask_key_(mask_key),
      resources_(resources),
      keeping_(std::move(keeping)) {
    if (output_.open() && base::memory_of(output_.fd()) != base::Memory::none)
        memory_output_bytes_ = job_->until().file_bytes();
}

quota::CaptureNeeds Launcher::needs_of(const wire::CaptureSpec& capture) const {
    return {.interfaces = {capture.interface().begin(), capture.interface().end()},
            .ring_bytes = capture.ring_bytes() == 0 ? kUsualRing : capture.ring_bytes(),
            .memory_output_bytes = output_.open() ? memory_output_bytes_ : 0};
}

base::Result<WorkerPtr> Launcher::start(const wire::CaptureSpec& capture, const wire::Terms& terms,
                                        const WorkerPtr& predecessor) {
    if (*unended_ >= kWorkersLimit)
        return base::fail(base::ErrorCode::internal,
                          std::to_string(kWorkersLimit) +
                              " workers of the job do not end, because they wait for its output file");
    wire::Begin begin;
    *begin.mutable_capture() = capture;
    begin.mutable_capture()->mutable_table()->Assign(stream::kTables.begin(), stream::kTables.end());
    *begin.mutable_terms() = terms;
    begin.mutable_interface_index()->Assign(job_->interface_indices().begin(),
                                            job_->interface_indices().end());
    if (job_->payer() != 0) begin.set_filter_instructions(resources_.limits().filter_instructions);
    begin.set_flow_bytes(resources_.limits().flow_bytes);
    if (keeping_) keeping_(begin);
    if (terms.redaction().mask_addresses()) {
        auto mask_key = mask_key_.get();
        if (!mask_key) return std::unexpected(mask_key.error());
        begin.set_mask_key(std::move(*mask_key));
    }
    const auto share =
        resources_.take(job_->payer(), needs_of(capture), predecessor ? predecessor->share() : nullptr);
    if (!share) return std::unexpected(share.error());
    auto worker = workers::WorkerHandle::start(executor_, worker_path_);
    if (worker) (*worker)->begin(begin, output_.fd(), unended_, *share);
    return worker;
}

base::Result<void> Launcher::count_filters(workers::WorkerHandle& worker, const wire::Ready& ready) {
    const auto share = worker.share();
    if (!share) return {};
    const std::vector<std::uint32_t> lengths(ready.filter_instructions().begin(),
                                             ready.filter_instructions().end());
    auto put = resources_.put_filters(share, lengths);
    if (!put) worker.kill(put.error().message);
    return put;
}

}  // namespace packetsentry::jobs
