// All that packetsentryctl understands: what CLI11 parses a command line by, and completion reads.
#pragma once

#include <map>
#include <string>

#include "ctl/command.h"
#include "ctl/globals.h"

namespace CLI {
class App;
}

namespace packetsentry::ctl {

// What the global options are parsed into before they are checked.
struct Parsed {
    Globals globals;
    std::string time_format;
};

using Runs = std::map<std::string, Run>;  // by the command's name

// Fills in an empty app and gives what runs its commands. Both arguments must outlive the
// parsing and the run.
[[nodiscard]] Runs describe(CLI::App& app, Parsed& parsed);

}  // namespace packetsentry::ctl
