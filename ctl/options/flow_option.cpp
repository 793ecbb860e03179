#include "ctl/options/flow_option.h"

#include <CLI/CLI.hpp>

#include "ctl/options/display_filter.h"
#include "ctl/render/escape.h"
#include "proto/flows/community_id.h"

namespace packetsentry::ctl {

std::string_view display_hint(const std::string& display, const std::optional<std::string>& flow) {
    if (flow) return kFlowHint;
    return display.empty() ? std::string_view() : kDisplayHint;
}

void add_flow_option(CLI::App& app, std::optional<std::string>& typed) {
    app.add_option_function<std::string>(
           "--flow", [&typed](const std::string& text) { typed = text; },
           "Only packets of the conversation with this Community ID, which --table flows --json shows:\n"
           "--flow 1:LQU9qZlK+B5F3KDmev6m5PMibrg=")
        ->type_name("ID");
}

base::Result<std::string> join_flow(const std::string& display, const std::optional<std::string>& flow) {
    if (!flow) return display;
    if (!flows::parse_community_id(*flow))
        return base::fail(base::ErrorCode::filter,
                          "'" + render::escaped(*flow) +
                              "' is no Community ID; --flow takes one, such as "
                              "1:LQU9qZlK+B5F3KDmev6m5PMibrg=, and 'packetsentryctl read FILE --table flows "
                              "--json' shows that of each conversation");
    const std::string asked = "network.community_id == \"" + *flow + '"';
    if (display.empty()) return asked;
    // Joined, a mistake in it would be shown in a text that nobody has typed.
    if (const auto alone = parse_display_filter(display); !alone) return std::unexpected(alone.error());
    return '(' + display + ") and " + asked;
}

}  // namespace packetsentry::ctl
