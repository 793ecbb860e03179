// Reads the jobs directory, and turns what its files say into orders for jobs.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/jobs/standing_jobs.h"

namespace packetsentry::service {

struct FoundOrders {
    std::vector<jobs::StandingOrder> orders = {};
    std::vector<std::string> errors = {};  // one for each file that is wrong
    // One for each reader whom the system does not know. The job runs without this reader.
    std::vector<std::string> warnings = {};
};

// owner: the user as whom the daemon runs. spool_bytes: what all jobs may keep together. May ask a name
// service, and wait for it.
[[nodiscard]] FoundOrders read_standing_orders(const config::Config& config, uid_t owner,
                                               std::uint64_t spool_bytes);

}  // namespace packetsentry::service
