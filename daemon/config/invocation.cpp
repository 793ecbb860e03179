#include "daemon/config/invocation.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <utility>

#include "daemon/config/config_file.h"

namespace packetsentry::config {
namespace {

constexpr const char* kAbout =
    "The capture daemon of PacketSentry. packetsentryctl sends it requests over a Unix socket.";

constexpr const char* kExamples =
    "Examples:\n"
    "  packetsentryd                                          as a service, with the settings in "
    "/etc/packetsentry/packetsentryd.toml\n"
    "  trial=$(sudo mktemp -d) && sudo chmod 755 \"$trial\"     a trial beside the service, for members of "
    "your group:\n"
    "  sudo packetsentryd --socket \"$trial/control.sock\" --group \"$(id -gn)\" --state-dir "
    "\"$trial/state\"\n"
    "  packetsentryd --group wheel                            for the members of another group\n"
    "  packetsentryd --config new.toml --check-config         to check a configuration before it is used";

struct Flags {
    std::string socket;
    std::string group;
    std::string user;
    std::string state_dir;
    std::string jobs_directory;
    std::string config;
    bool check_config = false;
};

void describe(CLI::App& app, Flags& flags) {
    app.footer(kExamples);
    app.add_option("--socket", flags.socket, "The control socket (default /run/packetsentry/control.sock)")
        ->type_name("PATH");
    app.add_option("--group", flags.group,
                   "Group whose members may connect: a name or a number (default packetsentry)")
        ->type_name("GROUP");
    app.add_option("--user", flags.user, "User to run as when started as root (default packetsentry)")
        ->type_name("NAME");
    app.add_option("--config", flags.config,
                   std::string("Configuration file (default ") + kUsualConfigFile + ")")
        ->type_name("FILE");
    app.add_option("--state-dir", flags.state_dir,
                   "Directory for what the daemon keeps over a restart (default /var/lib/packetsentry)")
        ->type_name("DIR");
    app.add_option("--jobs-dir", flags.jobs_directory,
                   std::string("Directory of the standing jobs' files (default ") + kUsualJobsDirectory + ")")
        ->type_name("DIR");
    app.add_flag("--check-config", flags.check_config,
                 "Check the configuration, the policy and the standing jobs, and exit");
    app.set_version_flag("--version", "packetsentryd " PACKETSENTRY_VERSION);
}

void override_text(std::string& value, const std::string& flag) {
    if (!flag.empty()) value = flag;
}

base::Result<Config> configured(const Flags& flags) {
    Config config;
    const std::string file = flags.config.empty() ? kUsualConfigFile : flags.config;
    if (!flags.config.empty() || ::access(file.c_str(), F_OK) == 0) {
        if (auto read = read_config_file(file, config); !read) return std::unexpected(read.error());
    }
    override_text(config.socket, flags.socket);
    override_text(config.group, flags.group);
    override_text(config.user, flags.user);
    override_text(config.state_dir, flags.state_dir);
    override_text(config.jobs_directory, flags.jobs_directory);
    return config;
}

// CLI11 tells help, version and mistakes alike by throwing.
base::Result<Invocation> ended_early(const CLI::App& app, const CLI::Error& error) {
    if (error.get_name() == "CallForHelp") return PrintAndEnd{app.help()};
    if (error.get_name() == "CallForVersion") return PrintAndEnd{std::string(error.what()) + "\n"};
    return base::fail(base::ErrorCode::usage, std::string(error.what()) + "; see packetsentryd --help");
}

}  // namespace

base::Result<Invocation> parse_command_line(int argc, const char* const* argv) {
    CLI::App app(kAbout, "packetsentryd");
    Flags flags;
    describe(app, flags);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Error& error) {
        return ended_early(app, error);
    }
    auto config = configured(flags);
    if (!config) return std::unexpected(config.error());
    if (flags.check_config) return CheckAndEnd{std::move(*config)};
    return *config;
}

}  // namespace packetsentry::config
