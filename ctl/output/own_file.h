// Opens files for writing, but only files that belong to the user who runs the program, or that are new.
//
// In a directory to which others may write, another user can put something under the name of the file: a file
// of their own, which they read afterwards; a FIFO that they read; or a link to another file of the caller,
// which would be overwritten. This also applies to root, who may open all of these and is the most worthwhile
// victim.
#pragma once

#include <expected>
#include <string>

#include "daemon/base/unique_fd.h"

namespace packetsentry::ctl {

struct Refusal {
    std::string why;     // "it belongs to mallory (uid 1001)"
    bool taken = false;  // there is something of that name, which was left as it is
};

struct OwnFile {
    bool append = false;         // each write goes to the end
    bool fresh = false;          // what is there is refused, whatever it is
    bool may_be_a_pipe = false;  // a FIFO of the caller's own will do, with somebody who reads it
};

// A new file has mode 0600. One that is there is used only where it is an ordinary file (or a FIFO) of the
// caller's own, with one name; its mode and its content stay. Writing to the descriptor may block.
[[nodiscard]] std::expected<base::UniqueFd, Refusal> open_own(const std::string& path, OwnFile how);

}  // namespace packetsentry::ctl
