#include "daemon/jobs/moment.h"

#include "daemon/base/clock.h"

namespace packetsentry::jobs {

Moment now() {
    return {base::wall_clock_ns(), base::SteadyClock::now()};
}

}  // namespace packetsentry::jobs
