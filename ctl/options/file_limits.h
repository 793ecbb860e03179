// The limits of -b, at which the packets go on in another file.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/options/end_conditions.h"
#include "daemon/base/result.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::ctl {

struct SeveralFiles {
    wire::FileLimits each;
    std::uint64_t kept = 0;  // the oldest are removed, so that there are so many; 0: all are kept
};

[[nodiscard]] std::vector<ConditionName> file_limit_names();

// "duration:1h", "filesize:100MiB", "packets:1000" and "files:10"; of two of a kind the lower one holds.
// None: there are no words. output: the name behind -o. Errors (usage): a word is wrong, there is no
// limit of a file, or no output that can be several files.
[[nodiscard]] base::Result<std::optional<SeveralFiles>> several_files(std::span<const std::string> words,
                                                                      std::string_view output);

}  // namespace packetsentry::ctl
