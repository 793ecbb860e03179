// A file that nobody but root could have written.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "daemon/base/result.h"

namespace packetsentry::policy {

// Its whole text; none: there is no file. It must be an ordinary one that belongs to owner, and neither it
// nor any directory on the way to it may be writable by others; a sticky one, in which nobody can replace
// what is another's, may. A symbolic link is followed, and both ways are looked at. Error: file, with the
// command that mends it.
[[nodiscard]] base::Result<std::optional<std::string>> read_trusted_file(const std::string& path,
                                                                         uid_t owner = 0);

}  // namespace packetsentry::policy
