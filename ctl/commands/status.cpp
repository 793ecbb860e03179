#include <CLI/CLI.hpp>

#include "ctl/client/connection.h"
#include "ctl/commands/commands.h"
#include "ctl/commands/presentation.h"
#include "ctl/render/status_text.h"

namespace packetsentry::ctl::commands {
namespace {

base::Result<void> run_status(const Globals& globals) {
    wire::Request request;
    request.mutable_status();
    const auto reply = ask_daemon(globals.socket, std::move(request));
    if (!reply) return std::unexpected(reply.error());
    if (globals.json) return print(render::status_json(reply->status()));
    return print(render::status_facts(reply->status(), now_ns()));
}

}  // namespace

Run prepare_status(CLI::App&, const Globals& globals) {
    return [&globals] { return run_status(globals); };
}

}  // namespace packetsentry::ctl::commands
