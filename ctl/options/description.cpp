#include "ctl/options/description.h"

#include <CLI/CLI.hpp>

#include "ctl/client/usual_socket.h"
#include "ctl/render/packet_time.h"

namespace packetsentry::ctl {
namespace {

constexpr const char* kAbout =
    "Captures packets through packetsentryd as a regular user, and reads capture files.";

constexpr const char* kExamples =
    "The most common commands have a short form:\n"
    "  packetsentryctl -i eth0 -f dns       is  packetsentryctl start -i eth0 -f dns\n"
    "  packetsentryctl -r capture.pcap      is  packetsentryctl read capture.pcap\n"
    "  packetsentryctl -D                   is  packetsentryctl interfaces\n"
    "'packetsentryctl help COMMAND' shows the options of one command. The options above can be used with "
    "every "
    "command.\n"
    "'packetsentryctl doctor' says why something does not work, and how to fix it.\n"
    "Packets, and the lines about the capture itself, go to standard output, also in a pipe. With --json "
    "and\n"
    "'-o -', only rows or only packets go there. Counts and errors go to standard error.\n"
    "Exit codes: 0 done, 1 usage, 2 interface, 3 file, 4 filter, 5 not permitted, 6 daemon not reachable,\n"
    "7 no such job, 8 timed out, 9 internal.";

void describe_globals(CLI::App& app, Parsed& parsed) {
    app.add_option("--socket", parsed.globals.socket,
                   "The daemon's control socket (default " + std::string(kUsualSocket) + ")")
        ->type_name("PATH")
        ->envname(kSocketVariable);
    app.add_flag("--json", parsed.globals.json,
                 "Print one JSON object a line (packets: Elastic Common Schema); implies --no-files");
    app.add_option("--time-format", parsed.time_format,
                   "Format of times on packet lines, as in tshark -t: " + render::time_format_names())
        ->type_name("TIMES");
    app.add_flag("--no-color", parsed.globals.no_color, "No colour on a terminal (NO_COLOR does the same)");
    app.add_flag("--no-files", parsed.globals.no_files, "Write neither packetsentry.log nor a results file");
    app.add_option("--output-dir", parsed.globals.output_dir,
                   "Directory for the log and the results file (default: the working directory)")
        ->type_name("DIR");
    app.set_version_flag("-V,--version", "packetsentryctl " PACKETSENTRY_VERSION);
}

Runs describe_commands(CLI::App& app, const Globals& globals, std::span<const Command> commands) {
    Runs runs;
    for (const Command& command : commands) {
        CLI::App& part = *app.add_subcommand(command.name, command.summary);
        part.footer(command.examples);
        runs[command.name] = command.prepare(part, globals);
    }
    return runs;
}

}  // namespace

Runs describe(CLI::App& app, Parsed& parsed, std::span<const Command> commands) {
    app.name("packetsentryctl");
    app.description(kAbout);
    app.footer(kExamples);
    app.require_subcommand(1);
    app.fallthrough();
    describe_globals(app, parsed);
    return describe_commands(app, parsed.globals, commands);
}

}  // namespace packetsentry::ctl
