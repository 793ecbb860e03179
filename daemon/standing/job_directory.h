// Reads the directory of the standing jobs: one file for each, called NAME.toml.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/standing/standing_job.h"

namespace packetsentry::standing {

inline constexpr std::size_t kJobFiles = 256;  // that are read

struct FoundJobs {
    std::vector<StandingJob> jobs = {};    // in the order of their names
    std::vector<base::Error> errors = {};  // one for each file that is wrong
};

// Reads each file whose name ends in ".toml" and does not begin with a dot. All other files are ignored:
// copies that an editor makes, such as night.toml~, are no jobs. A file that is wrong does not prevent
// the others from being read. A directory that is not there is an error, unless it is the usual one,
// because most machines have no standing job. owner: as for read_job_file(). Errors: those of
// read_job_file(), file (the directory cannot be read, or has more files than kJobFiles; the first of
// them are read).
[[nodiscard]] FoundJobs read_job_directory(const std::string& directory, uid_t owner);

}  // namespace packetsentry::standing
