// Opens the file to which packets are saved, with the user's own rights.
#pragma once

#include <string>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::ctl {

// Makes the file, readable by the user alone, as it holds other people's data. One that is there must be the
// user's own (ctl/output/own_file.h), or /dev/null; it keeps its mode, and its content until the capture
// begins (Save.replace). No name gives no descriptor, and "-" one of standard output. input: the descriptor
// of the file being read, which must not be the same; -1: none. fresh: a file that is there is refused. An
// ordinary file is locked (flock(2)) through every copy of the descriptor, until the last is closed, so that
// no other capture is saved into it. Errors: usage (standard output is a terminal), file.
[[nodiscard]] base::Result<base::UniqueFd> open_output(const std::string& name, int input,
                                                       bool fresh = false);

}  // namespace packetsentry::ctl
