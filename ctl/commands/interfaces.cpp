#include <CLI/CLI.hpp>
#include <memory>

#include "ctl/client/connection.h"
#include "ctl/commands/commands.h"
#include "ctl/render/interface_text.h"

namespace packetsentry::ctl::commands {
namespace {

struct InterfacesOptions {
    bool bare = false;
    bool no_legend = false;
};

base::Result<void> run_interfaces(const InterfacesOptions& options, const Globals& globals) {
    wire::Request request;
    request.mutable_interfaces();
    const auto reply = ask_daemon(globals.socket, std::move(request));
    if (!reply) return std::unexpected(reply.error());
    if (!globals.json) return print(render::interfaces_table(reply->interfaces(), !options.no_legend));
    std::string text;
    for (const wire::InterfaceInfo& interface : reply->interfaces().interface())
        text += render::interface_json(interface);
    return print(text);
}

}  // namespace

Run prepare_interfaces(CLI::App& app, const Globals& globals) {
    auto options = std::make_shared<InterfacesOptions>();
    app.add_flag("-D", options->bare, "Has no effect: 'packetsentryctl -D' is short for this command");
    app.add_flag("--no-legend", options->no_legend, "Leave out the heading of the table");
    return [options, &globals] { return run_interfaces(*options, globals); };
}

}  // namespace packetsentry::ctl::commands
