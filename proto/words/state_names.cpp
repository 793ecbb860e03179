#include "proto/words/state_names.h"

#include <array>
#include <cstddef>

namespace packetsentry::proto {
namespace {

struct StateName {
    wire::JobState state;
    std::string_view name;
    std::string_view phrase = name;
};

constexpr std::array kStates = {
    StateName{wire::JOB_UNKNOWN, "unknown"},
    StateName{wire::JOB_STARTING, "starting"},
    StateName{wire::JOB_RUNNING, "running"},
    StateName{wire::JOB_CHANGING, "changing", "changing its filter"},
    StateName{wire::JOB_DEGRADED, "degraded"},
    StateName{wire::JOB_STOPPING, "stopping"},
    StateName{wire::JOB_FINISHED, "finished"},
    StateName{wire::JOB_FAILED, "failed"},
    StateName{wire::JOB_WAITING, "waiting"},
};

// Each state of the protocol has its row, at the place of its number.
constexpr bool is_complete() {
    for (std::size_t i = 0; i < kStates.size(); ++i)
        if (kStates[i].state != static_cast<wire::JobState>(i) || kStates[i].name.empty()) return false;
    return kStates.size() == static_cast<std::size_t>(wire::JobState_ARRAYSIZE);
}
static_assert(is_complete());

const StateName& row_of(wire::JobState state) {
    return kStates[wire::JobState_IsValid(state) ? static_cast<std::size_t>(state) : 0];
}

}  // namespace

std::string_view state_name(wire::JobState state) {
    return row_of(state).name;
}

std::string_view state_phrase(wire::JobState state) {
    return row_of(state).phrase;
}

}  // namespace packetsentry::proto
