// The option -Y: an expression in the language of display filters (proto/query/query.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/result.h"
#include "proto/query/evaluate/filter.h"
#include "proto/query/query.h"

namespace CLI {
class App;
}

namespace packetsentry::ctl {

// For whoever got no packet by it.
inline constexpr std::string_view kDisplayHint =
    "no packet passed -Y; 'packetsentryctl explain -Y EXPRESSION' shows how an expression is read";

// text must outlive the parsing.
void add_display_filter_option(CLI::App& app, std::string& text);

// Ready for rows, as rows of a job are asked in this process. None where the text is empty. Error: as below.
[[nodiscard]] base::Result<std::optional<query::Filter>> compile_display_filter(std::string_view text);

// Error: filter. Its message says where in the text something is wrong, and its picture shows it with a
// caret. source: where the text comes from, for the message.
[[nodiscard]] base::Result<query::Expression> parse_display_filter(std::string_view text,
                                                                   std::string_view source = "-Y");

// Tells whether an expression that parse_display_filter() takes asks what a segment is to its TCP connection.
[[nodiscard]] bool asks_tcp_analysis(std::string_view text);

// The text as it is handed to another process, which may be in another time zone: as it was typed, unless it
// has times. Error: as above.
[[nodiscard]] base::Result<std::string> make_display_filter(std::string_view text);

}  // namespace packetsentry::ctl
