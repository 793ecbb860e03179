// A command of packetsentryctl: a row of the table in ctl/commands/commands.cpp.
#pragma once

#include <functional>

#include "ctl/options/globals.h"
#include "daemon/base/result.h"

namespace CLI {
class App;
}

namespace packetsentry::ctl {

using Run = std::function<base::Result<void>()>;

struct Command {
    const char* name;
    const char* summary;
    const char* examples;
    // Adds the command's options to its part of the command line. What it returns is run once that has
    // been parsed; the globals outlive it.
    Run (*prepare)(CLI::App& app, const Globals& globals);
};

}  // namespace packetsentry::ctl
