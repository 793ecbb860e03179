// Is a StartJob in order? Looked at before any worker is started for it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/jobs/job.h"

namespace packetsentry::jobs {

inline constexpr int kInterfacesOfJob = 16;

struct CheckedStart {
    Order order;
    base::UniqueFd output;  // none: packets are not saved
};

// known: names of the interfaces there are, "any" among them. descriptors: those that came with the
// message; taken. Errors: usage, interface, filter, file.
[[nodiscard]] base::Result<CheckedStart> check_start(const wire::StartJob& start, uid_t owner,
                                                     std::span<const std::string> known,
                                                     std::vector<base::UniqueFd> descriptors);

}  // namespace packetsentry::jobs
