// What a user asks to be kept in the spool, and what they get.
#pragma once

#include <cstdint>

#include "daemon/base/result.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::jobs {

// The space that all jobs share which users keep.
struct UserSpace {
    std::uint64_t bytes = 0;
    std::uint32_t jobs = 1;  // that may run together
};

// Tells whether anything is to be kept.
[[nodiscard]] bool keeps_something(const wire::Keep& keep);
// Tells whether both keep the same tables, for however long.
[[nodiscard]] bool keeps_the_same(const wire::Keep& one, const wire::Keep& other);

// Returns the retention that was asked for, with segments of a length that lets all these jobs share the
// space. Error (usage): nothing is asked for.
[[nodiscard]] base::Result<wire::Keep> keep_of_user(const wire::Keep& asked, const UserSpace& space);

// Returns the retention that holds under these terms: where these limit the bytes that a job may save, it
// keeps no more packets than that at any time, and no more of each other table.
[[nodiscard]] wire::Keep limited(wire::Keep keep, const wire::Terms& terms);

}  // namespace packetsentry::jobs
