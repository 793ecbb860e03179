#include "daemon/jobs/moment.h"

#include <ctime>

namespace packetsentry::jobs {

Moment now() {
    timespec wall{};
    ::clock_gettime(CLOCK_REALTIME, &wall);
    return {wall.tv_sec * 1'000'000'000LL + wall.tv_nsec, std::chrono::steady_clock::now()};
}

}  // namespace packetsentry::jobs
