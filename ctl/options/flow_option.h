// The option --flow: the rows of one conversation.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/result.h"

namespace CLI {
class App;
}

namespace packetsentry::ctl {

inline constexpr std::string_view kFlowHint =
    "no packet passed --flow; 'packetsentryctl read FILE --table flows --json' shows the Community ID of "
    "each "
    "conversation";

// For whoever got no packet by -Y and --flow, as they were typed. Empty: neither was given.
[[nodiscard]] std::string_view display_hint(const std::string& display,
                                            const std::optional<std::string>& flow);

// As it was typed; none: it was not given. It must outlive the parsing.
void add_flow_option(CLI::App& app, std::optional<std::string>& typed);

// The display filter that asks for the conversation as well. display: the text of -Y, which may be empty.
// Errors: filter (flow is no Community ID; there is a conversation, and display is no display filter).
[[nodiscard]] base::Result<std::string> join_flow(const std::string& display,
                                                  const std::optional<std::string>& flow);

}  // namespace packetsentry::ctl
