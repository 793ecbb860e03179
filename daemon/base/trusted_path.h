// Paths that nobody but root and one other user can have prepared.
//
// A daemon that is started as root opens paths that a person has chosen. Where somebody else can write a
// directory on the way, that person decides what lies there: a link to a file of root's, a directory with
// files in it, a socket that listens already. So such a path is refused, and nothing is asked of it.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "daemon/base/result.h"

namespace packetsentry::base {

// Each directory above path belongs to root or to owner, and others cannot write it. A sticky one, in which
// nobody can replace what is another's, may be written by others: whoever opens path itself has to look at
// whose it is. Symbolic links among the directories are followed, and both ways are looked at. path itself
// need not be there. Error: file, with the command that mends it.
[[nodiscard]] Result<void> check_way(const std::string& path, uid_t owner);

// The whole text of a file, or nothing where there is none. It must be an ordinary file that belongs to root
// or to owner, that others cannot write, at the end of such a way. A symbolic link is followed. Error: file,
// also where the text is longer than 1 MiB.
[[nodiscard]] Result<std::optional<std::string>> read_trusted_file(const std::string& path, uid_t owner = 0);

}  // namespace packetsentry::base
