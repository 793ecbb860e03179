#include "ctl/commands/commands.h"

#include <CLI/CLI.hpp>

#include "ctl/client/connection.h"
#include "ctl/options/completion.h"
#include "daemon/base/presence.h"

namespace packetsentry::ctl::commands {
namespace {

// For each of three steps (connect, greet, ask): whoever pressed the key waits less than a second.
constexpr std::chrono::milliseconds kShortPatience{300};

// Where systemd listens for the daemon, to connect is to start it, which the press of a key must not do.
base::Result<wire::Reply> ask(const std::string& socket, wire::Request request) {
    if (!base::is_present(socket))
        return base::fail(base::ErrorCode::unreachable, "packetsentryd does not run");
    return ask_daemon(socket, std::move(request), kShortPatience);
}

}  // namespace

std::optional<std::vector<std::string>> words_to_complete(const std::vector<std::string>& arguments) {
    if (arguments.empty() || arguments.front() != "complete") return std::nullopt;
    const std::size_t first = arguments.size() > 1 && arguments[1] == "--" ? 2 : 1;
    return std::vector(arguments.begin() + static_cast<std::ptrdiff_t>(first), arguments.end());
}

base::Result<void> print_completion(const CLI::App& app, std::vector<std::string> words) {
    // An error would stand in the middle of what the user is typing.
    (void)print(completion_text(complete(app, std::move(words), ask)));
    return {};
}

}  // namespace packetsentry::ctl::commands
