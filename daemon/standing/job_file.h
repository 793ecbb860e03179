// Reads the file of one standing job. It is TOML; an unknown key or table, a wrong type or a number out
// of range is an error.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "daemon/base/result.h"
#include "daemon/standing/standing_job.h"

namespace packetsentry::standing {

inline constexpr std::size_t kJobFileLimit = 64 * 1024;  // bytes
inline constexpr std::string_view kJobFileSuffix = ".toml";

// Reads a text. path: the file from which it is, and from which the job has its name. Errors (usage)
// begin with "path:line: ", or with "path: " if no line is wrong, for example because a key is missing.
[[nodiscard]] base::Result<StandingJob> read_job_text(std::string_view text, const std::string& path);

// Reads the file, if only root and the user owner can have written it (daemon/base/trusted_path.h).
// Errors: those of read_job_text(), and file.
[[nodiscard]] base::Result<StandingJob> read_job_file(const std::string& path, uid_t owner);

}  // namespace packetsentry::standing
