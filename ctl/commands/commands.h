// One function a command, each in the file of its name; the table in commands.cpp has a row for each.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/options/command.h"

namespace packetsentry::ctl::commands {

[[nodiscard]] Run prepare_start(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_read(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_stop(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_list(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_show(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_follow(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_results(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_search(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_purge(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_filter(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_renew(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_policy(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_job(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_interfaces(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_fields(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_explain(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_status(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_doctor(CLI::App& app, const Globals& globals);
[[nodiscard]] Run prepare_help(CLI::App& app, const Globals& globals);

// Every command, in the order in which help lists them.
[[nodiscard]] std::span<const Command> table();

// "complete -- WORD…": what shells ask at each press of the key. No row of the table, for its words are
// not parsed and it is not for people. None: the arguments are another command.
[[nodiscard]] std::optional<std::vector<std::string>> words_to_complete(
    const std::vector<std::string>& arguments);
// app: as describe() made it. Nothing is an error.
[[nodiscard]] base::Result<void> print_completion(const CLI::App& app, std::vector<std::string> words);

// A command's answer on standard output; a reader that has gone is no error.
[[nodiscard]] base::Result<void> print(std::string_view text);

}  // namespace packetsentry::ctl::commands
