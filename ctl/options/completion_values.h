// Lists the values that an option or an argument can have, by the type name in its description.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "proto/messages/control.pb.h"

namespace CLI {
class App;
}

namespace packetsentry::ctl {

struct Candidate {
    std::string text;
    std::string description;  // may hold bytes from outside
};

// Asks the daemon behind a socket.
using Ask = std::function<base::Result<wire::Reply>(const std::string& socket, wire::Request request)>;

// Whom a value is for.
struct ValuePlace {
    const CLI::App& app;  // as describe() made it
    std::string command;
    std::string socket;
    std::string begun;  // what of it has been typed
};

enum class PathKind : std::uint8_t { none, files, directories };

struct ValueKind {
    std::string_view type;
    PathKind paths;
    std::vector<Candidate> (*list)(const ValuePlace& place, const Ask& ask);  // none: not to be known
};

// type: "JOB", as help shows it. None: a type that the table lacks.
[[nodiscard]] std::optional<ValueKind> find_value_kind(std::string_view type);

// Those that a shell can take as they are. The daemon's names come from outside: one with a blank, a control
// or a character that means something to a shell is left out, for no shell need be trusted to quote it.
[[nodiscard]] std::vector<Candidate> list_values(const ValueKind& kind, const ValuePlace& place,
                                                 const Ask& ask);

// The names of all commands.
[[nodiscard]] std::vector<Candidate> list_commands(const CLI::App& app);

}  // namespace packetsentry::ctl
