// Compares two configurations: which keys differ, and when each change takes effect.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config.h"

namespace packetsentry::config {

enum class Effect : std::uint8_t {
    now,       // with a reload
    new_jobs,  // with a reload, for jobs that start afterwards
    restart,
};

struct Change {
    std::string_view key;  // "jobs.max"
    Effect effect;
    std::string from;
    std::string to;
};
[[nodiscard]] std::vector<Change> changes(const Config& before, const Config& after);

// after, but for what takes a restart: that stays as it was before.
[[nodiscard]] Config reloaded(const Config& before, Config after);

}  // namespace packetsentry::config
