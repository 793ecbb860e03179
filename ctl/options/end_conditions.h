// The conditions of -a, under which a capture ends by itself.
#pragma once

#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::ctl {

struct ConditionName {
    std::string_view word;  // what stands before the colon
    std::string_view meaning;
};

[[nodiscard]] std::vector<ConditionName> condition_names();

// "duration:60s", "filesize:10MiB" or "packets:100"; of two of a kind the lower one holds. Error: usage.
[[nodiscard]] base::Result<void> add_condition(std::string_view text, wire::Until& until);

}  // namespace packetsentry::ctl
