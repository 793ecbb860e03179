// A moment of both clocks, so many seconds after they began.
#pragma once

#include <chrono>

#include "daemon/jobs/moment.h"

namespace packetsentry::jobs {

inline Moment at(std::chrono::seconds seconds) {
    return {std::chrono::nanoseconds(seconds).count(), std::chrono::steady_clock::time_point(seconds)};
}

}  // namespace packetsentry::jobs
