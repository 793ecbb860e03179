// Whether what somebody orders can be done: looked at before any worker is started for it.
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
    base::UniqueFd output;          // none: packets are not saved
    bool output_in_memory = false;  // the capture ends when the output has the bytes that are left for it
    // Whether somebody still waits for it, asked when the start has had to wait for others; empty: yes.
    std::function<bool()> wanted = {};
};

// What the owner of a new job may have.
struct StartLimits {
    std::uint32_t ring_bytes = 1U << 30;  // of each interface's ring
    std::uint64_t memory_output_bytes = std::numeric_limits<std::uint64_t>::max();  // of an output in memory
};

// The ring of each of a job's interfaces, where nobody asks for a size: they share what is meant for one.
[[nodiscard]] std::uint32_t ring_of_each(std::uint32_t ring_bytes, int interfaces);

// known: names of the interfaces there are, "any" among them. descriptors: those that came with the
// message; taken. Errors: usage, interface, filter, file.
[[nodiscard]] base::Result<CheckedStart> check_start(const wire::StartJob& start, uid_t owner,
                                                     std::span<const std::string> known,
                                                     std::vector<base::UniqueFd> descriptors,
                                                     const StartLimits& limits = {});

// What a daemon of before has stored is checked like a request; its interfaces may be absent now.
// Errors: as check_start().
[[nodiscard]] base::Result<void> check_stored(const wire::StoredJob& stored);

}  // namespace packetsentry::jobs
