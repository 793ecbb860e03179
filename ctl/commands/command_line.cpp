#include "ctl/commands/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "ctl/commands/commands.h"
#include "ctl/options/bare_form.h"
#include "ctl/options/description.h"
#include "ctl/options/foreign_words.h"
#include "ctl/options/typed_words.h"
#include "ctl/render/packet_time.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

// "--count: 1 required N missing", as CLI11 puts it, is "--count needs a value".
std::string text_of_missing(const std::string& what) {
    return what.ends_with(" missing") ? what.substr(0, what.find(':')) + " needs a value" : what;
}

// Names what the command does not take, in the order typed; CLI11 does it in the reverse order.
std::string text_of_extras(const CLI::App& app, const TypedWords& typed) {
    const auto chosen = app.get_subcommands();
    const std::string who = "'" + (chosen.empty() ? app.get_name() : chosen.front()->get_name()) + "'";
    if (!typed.unknown_option().empty()) return who + " has no option '" + typed.unknown_option() + "'";
    std::string words;
    for (const std::string& word : typed.left_over().empty() ? app.remaining(true) : typed.left_over())
        words += (words.empty() ? "" : " ") + word;
    return who + " does not take '" + words + "'";
}

std::string text_of(const CLI::App& app, const CLI::Error& error, const TypedWords& typed) {
    // Its name is that of the command.
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError))
        return text_of_extras(app, typed);
    if (error.get_name() == "ArgumentMismatch") return text_of_missing(error.what());
    const auto unknown = app.remaining();
    if (error.get_name() != "RequiredError" || !app.get_subcommands().empty()) return error.what();
    return unknown.empty() ? "no command given" : "there is no command '" + unknown.front() + "'";
}

// CLI11 tells help, version and mistakes alike by throwing.
base::Result<void> ended_early(const CLI::App& app, const CLI::Error& error,
                               const std::vector<std::string>& arguments) {
    if (error.get_name() == "CallForHelp") return commands::print(app.help());
    if (error.get_name() == "CallForVersion") return commands::print(std::string(error.what()) + "\n");
    const TypedWords typed(app, nullptr, arguments);
    if (const auto advice = advice_for(typed)) return base::fail(ErrorCode::usage, *advice);
    const auto chosen = app.get_subcommands();
    const std::string command = chosen.empty() ? "" : chosen.front()->get_name() + " ";
    std::string message = text_of(app, error, typed);
    std::ranges::replace(message, '\n', ' ');
    return base::fail(ErrorCode::usage, message + "; see 'packetsentryctl " + command + "--help'");
}

base::Result<void> check_globals(Parsed& parsed) {
    if (parsed.time_format.empty()) return {};
    const auto format = render::time_format(parsed.time_format);
    if (!format)
        return base::fail(ErrorCode::usage, "unknown time format '" + parsed.time_format +
                                                "'; known: " + render::time_format_names());
    parsed.globals.time_format = *format;
    return {};
}

}  // namespace

base::Result<void> run_command_line(std::vector<std::string> arguments) {
    CLI::App app;
    Parsed parsed;
    const auto runs = describe(app, parsed, commands::table());
    if (auto words = commands::words_to_complete(arguments))
        return commands::print_completion(app, std::move(*words));
    arguments = with_command(std::move(arguments));
    try {
        // CLI11 takes them from the back.
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::Error& error) {
        return ended_early(app, error, arguments);
    }
    if (auto checked = check_globals(parsed); !checked) return checked;
    return runs.at(app.get_subcommands().front()->get_name())();
}

}  // namespace packetsentry::ctl
