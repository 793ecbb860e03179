// One function a command, each in the file of its name; the table in commands.cpp has a row for each.
#pragma once

#include "ctl/command.h"

namespace packetsentry::ctl::commands {

[[nodiscard]] Run prepare_start(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_read(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_stop(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_list(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_show(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_follow(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_results(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_filter(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_interfaces(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_status(CLI::App& app, const Globals& globals);

// A command's answer on standard output; a reader that has gone is no error.
[[nodiscard]] base::Result<void> print(std::string_view text);

}  // namespace packetsentry::ctl::commands
