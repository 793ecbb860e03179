#include <CLI/CLI.hpp>
#include <memory>

#include "ctl/commands/commands.h"

namespace packetsentry::ctl::commands {
namespace {

// The formatter itself: help() of the whole would be that of the command which was typed, which is this one.
std::string help_of(const CLI::App& app, const std::string& name) {
    return app.get_formatter()->make_help(&app, name, CLI::AppFormatMode::Normal);
}

base::Result<void> run_help(const CLI::App& whole, const std::string& command) {
    if (command.empty()) return print(help_of(whole, whole.get_name()));
    const auto found = whole.get_subcommands([&](const CLI::App* one) { return one->get_name() == command; });
    if (found.empty())
        return base::fail(base::ErrorCode::usage,
                          "there is no command '" + command + "'; 'packetsentryctl help' lists them");
    return print(help_of(*found.front(), whole.get_name() + " " + command));
}

}  // namespace

Run prepare_help(CLI::App& app, const Globals&) {
    auto command = std::make_shared<std::string>();
    app.add_option("command", *command, "The command to describe; without one, packetsentryctl itself")
        ->type_name("COMMAND");
    return [&app, command] { return run_help(*app.get_parent(), *command); };
}

}  // namespace packetsentry::ctl::commands
