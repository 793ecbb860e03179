#include "ctl/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

#include "ctl/bare_form.h"
#include "ctl/command.h"
#include "ctl/globals.h"
#include "ctl/render/packet_time.h"
#include "ctl/text_output.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

constexpr const char* kAbout =
    "Captures packets through packetsentryd as a regular user, and reads capture files.";

constexpr const char* kExamples =
    "A command is not needed for what is done most:\n"
    "  packetsentryctl -i eth0 -f dns       is  packetsentryctl start -i eth0 -f dns\n"
    "  packetsentryctl -r capture.pcap      is  packetsentryctl read capture.pcap\n"
    "  packetsentryctl -D                   is  packetsentryctl interfaces\n"
    "'packetsentryctl COMMAND --help' tells a command's own options. These above go with every command.\n"
    "Exit codes: 0 done, 1 usage, 2 interface, 3 file, 4 filter, 5 not permitted, 6 daemon not reachable,\n"
    "7 no such job, 8 timed out, 9 internal.";

// What the options are parsed into before they are checked.
struct Parsed {
    Globals globals;
    std::string time_format;
};

void describe_globals(CLI::App& app, Parsed& parsed) {
    app.add_option("--socket", parsed.globals.socket,
                   "The daemon's control socket (default " + std::string(kUsualSocket) + ")")
        ->type_name("PATH")
        ->envname("PACKETSENTRY_SOCKET");
    app.add_flag("--json", parsed.globals.json, "JSON lines: packets in the Elastic Common Schema; no files");
    app.add_option("--time-format", parsed.time_format,
                   "Times of packet lines, as tshark -t names them: " + render::time_format_names())
        ->type_name("FORMAT");
    app.add_flag("--no-color", parsed.globals.no_color, "No colour on a terminal (NO_COLOR does the same)");
    app.add_flag("--no-files", parsed.globals.no_files, "Write neither packetsentry.log nor a results file");
    app.add_option("--output-dir", parsed.globals.output_dir, "Where log and results go (default: here)")
        ->type_name("DIR");
    app.set_version_flag("-V,--version", "packetsentryctl " PACKETSENTRY_VERSION);
}

std::map<std::string, Run> describe_commands(CLI::App& app, const Globals& globals) {
    std::map<std::string, Run> runs;
    for (const Command& command : command_table()) {
        CLI::App& part = *app.add_subcommand(command.name, command.summary);
        part.footer(command.examples);
        runs[command.name] = command.prepare(part, globals);
    }
    return runs;
}

base::Result<void> print(const std::string& text) {
    const auto written = write_text(1, text, "standard output");
    if (!written) return std::unexpected(written.error());
    return {};
}

std::string text_of(const CLI::App& app, const CLI::Error& error) {
    const auto unknown = app.remaining();
    if (error.get_name() != "RequiredError" || !app.get_subcommands().empty()) return error.what();
    return unknown.empty() ? "no command given" : "there is no command '" + unknown.front() + "'";
}

// CLI11 tells help, version and mistakes alike by throwing.
base::Result<void> ended_early(const CLI::App& app, const CLI::Error& error) {
    if (error.get_name() == "CallForHelp") return print(app.help());
    if (error.get_name() == "CallForVersion") return print(std::string(error.what()) + "\n");
    const auto chosen = app.get_subcommands();
    const std::string command = chosen.empty() ? "" : chosen.front()->get_name() + " ";
    std::string message = text_of(app, error);
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
    CLI::App app(kAbout, "packetsentryctl");
    app.footer(kExamples);
    app.require_subcommand(1);
    app.fallthrough();
    Parsed parsed;
    describe_globals(app, parsed);
    const auto runs = describe_commands(app, parsed.globals);
    arguments = with_command(std::move(arguments));
    std::ranges::reverse(arguments);  // CLI11 takes them from the back
    try {
        app.parse(std::move(arguments));
    } catch (const CLI::Error& error) {
        return ended_early(app, error);
    }
    if (auto checked = check_globals(parsed); !checked) return checked;
    return runs.at(app.get_subcommands().front()->get_name())();
}

}  // namespace packetsentry::ctl
