// The command line: globals, then one command of the table.
#pragma once

#include <string>
#include <vector>

#include "daemon/base/result.h"

namespace packetsentry::ctl {

// Parses and runs; arguments without the program's name. Help and version are printed. Errors: usage,
// and whatever the command meets.
[[nodiscard]] base::Result<void> run_command_line(std::vector<std::string> arguments);

}  // namespace packetsentry::ctl
