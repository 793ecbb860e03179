#include "daemon/jobs/compile_turn.h"

#include "daemon/jobs/job_state.h"
#include "daemon/loop/sleeper.h"

namespace packetsentry::jobs {

boost::asio::awaitable<quota::CaptureResources::TurnPtr> turn_to_compile(
    boost::asio::any_io_executor executor, std::shared_ptr<quota::CaptureResources> resources,
    std::shared_ptr<Job> job) {
    loop::Sleeper sleeper(executor, resources->turns_changed(), job->changed());
    while (job->state() != wire::JOB_STOPPING && !is_over(job->state())) {
        if (auto turn = resources->take_turn(job->payer())) co_return turn;
        co_await sleeper.sleep();
    }
    co_return nullptr;
}

}  // namespace packetsentry::jobs
