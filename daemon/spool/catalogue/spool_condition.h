// Looks whether the files of the spool are as they must be: of the user that the daemon runs as, closed to
// all others, and with no names among them that are not the spool's.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/spool/catalogue/directory.h"

namespace packetsentry::spool {

struct SpoolCondition {
    static constexpr std::size_t kExamples = 4;

    uid_t owner = 0;                         // of the directory
    mode_t permissions = 0;                  // of the directory
    std::string file_system = {};            // "ext4"; a number if the name is not known
    std::uint64_t open_to_others = 0;        // files and directories that others own, or may read or write
    std::uint64_t foreign = 0;               // names that a spool does not have
    std::vector<std::string> examples = {};  // some of both, in relation to the directory
};

// Looks at each name in it, but at no more than entries_limit. It blocks on the disk. Error (file): the
// directory cannot be read.
[[nodiscard]] base::Result<SpoolCondition> condition_of(const Directory& spool,
                                                        std::size_t entries_limit = 100'000);

}  // namespace packetsentry::spool
