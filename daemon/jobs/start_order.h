// Checks whether an ordered job can be started, before a worker is started for it.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/jobs/job.h"
#include "proto/messages/state.pb.h"

namespace packetsentry::jobs {

inline constexpr int kInterfacesOfJob = 16;

struct CheckedStart {
    Order order;
    base::UniqueFd output;  // not open: packets are not saved
    bool output_in_memory =
        false;  // the capture ends when the output has used the memory that is left for it
    // Tells whether the client still waits for the job. It is called after the start has had to wait for
    // others. Empty: the client still waits.
    std::function<bool()> wanted = {};
};

// Limits for the owner of a new job.
struct StartLimits {
    std::uint32_t ring_bytes = 1U << 30;  // the size of each interface's ring
    std::uint64_t memory_output_bytes =
        std::numeric_limits<std::uint64_t>::max();  // size of an output in memory
};

// Error (file): the descriptor is no ordinary file, pipe or /dev/null, or is not open for writing. Asks only
// the kernel, and never a file system.
[[nodiscard]] base::Result<void> check_output(int output);

// Returns the ring size of each interface of a job that does not ask for a size: the interfaces share
// ring_bytes, and each gets at least 4 MiB, or ring_bytes if that is less.
[[nodiscard]] std::uint32_t ring_of_each(std::uint32_t ring_bytes, int interfaces);

// known: the names of the existing interfaces, and "any". descriptors: those that came with the message; this
// function takes them over. Errors: usage, interface, filter, file.
[[nodiscard]] base::Result<CheckedStart> check_start(const wire::StartJob& start, uid_t owner,
                                                     std::span<const std::string> known,
                                                     std::vector<base::UniqueFd> descriptors,
                                                     const StartLimits& limits = {});

// Checks a stored job like a request, because the file is not trusted. Its interfaces need not exist now.
// Errors: those of check_start().
[[nodiscard]] base::Result<void> check_stored(const wire::StoredJob& stored);

}  // namespace packetsentry::jobs
