// The table of keys of a standing job's file, and how each is read.
#pragma once

#include <toml++/toml.h>

#include <span>
#include <string>
#include <string_view>

#include "daemon/standing/standing_job.h"

namespace packetsentry::standing {

struct JobKey {
    std::string_view name;  // "snaplen"; "keep.rows.age" in tables
    // Sets the member. Returns what is wrong with the value, or "".
    std::string (*set)(StandingJob&, const toml::node&);
};

[[nodiscard]] std::span<const JobKey> job_keys();

}  // namespace packetsentry::standing
