#include "daemon/jobs/job_state.h"

#include <algorithm>
#include <array>
#include <utility>

namespace packetsentry::jobs {
namespace {

constexpr std::array kTransitions = {
    std::pair{wire::JOB_STARTING, wire::JOB_RUNNING},  std::pair{wire::JOB_STARTING, wire::JOB_STOPPING},
    std::pair{wire::JOB_STARTING, wire::JOB_FAILED},

    std::pair{wire::JOB_RUNNING, wire::JOB_CHANGING},  std::pair{wire::JOB_RUNNING, wire::JOB_DEGRADED},
    std::pair{wire::JOB_RUNNING, wire::JOB_STOPPING},  std::pair{wire::JOB_RUNNING, wire::JOB_FINISHED},
    std::pair{wire::JOB_RUNNING, wire::JOB_FAILED},

    std::pair{wire::JOB_CHANGING, wire::JOB_RUNNING},  std::pair{wire::JOB_CHANGING, wire::JOB_DEGRADED},
    std::pair{wire::JOB_CHANGING, wire::JOB_STOPPING}, std::pair{wire::JOB_CHANGING, wire::JOB_FINISHED},
    std::pair{wire::JOB_CHANGING, wire::JOB_FAILED},

    std::pair{wire::JOB_DEGRADED, wire::JOB_RUNNING},  std::pair{wire::JOB_DEGRADED, wire::JOB_CHANGING},
    std::pair{wire::JOB_DEGRADED, wire::JOB_STOPPING}, std::pair{wire::JOB_DEGRADED, wire::JOB_FINISHED},
    std::pair{wire::JOB_DEGRADED, wire::JOB_FAILED},

    std::pair{wire::JOB_STARTING, wire::JOB_WAITING},  std::pair{wire::JOB_RUNNING, wire::JOB_WAITING},
    std::pair{wire::JOB_CHANGING, wire::JOB_WAITING},  std::pair{wire::JOB_DEGRADED, wire::JOB_WAITING},
    std::pair{wire::JOB_WAITING, wire::JOB_RUNNING},   std::pair{wire::JOB_WAITING, wire::JOB_DEGRADED},
    std::pair{wire::JOB_WAITING, wire::JOB_STOPPING},  std::pair{wire::JOB_WAITING, wire::JOB_FINISHED},
    std::pair{wire::JOB_WAITING, wire::JOB_FAILED},

    std::pair{wire::JOB_STOPPING, wire::JOB_FINISHED}, std::pair{wire::JOB_STOPPING, wire::JOB_FAILED},
};

}  // namespace

bool may_follow(wire::JobState from, wire::JobState to) {
    return std::ranges::find(kTransitions, std::pair{from, to}) != kTransitions.end();
}

bool is_over(wire::JobState state) {
    return state == wire::JOB_FINISHED || state == wire::JOB_FAILED;
}

}  // namespace packetsentry::jobs
