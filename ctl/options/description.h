// Describes all options and commands of packetsentryctl to CLI11, for the parser and for completion.
#pragma once

#include <map>
#include <span>
#include <string>

#include "ctl/options/command.h"
#include "ctl/options/globals.h"

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

// Fills in an empty app and gives what runs the commands. The arguments must outlive the parsing and the run.
[[nodiscard]] Runs describe(CLI::App& app, Parsed& parsed, std::span<const Command> commands);

}  // namespace packetsentry::ctl
