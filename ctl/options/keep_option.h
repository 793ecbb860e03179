// The option --keep: what of a job is kept in the spool of the daemon, and how much of that.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "proto/messages/capture.pb.h"

namespace CLI {
class App;
}

namespace packetsentry::ctl {

struct KeepName {
    std::string_view word;
    std::string_view meaning;
};

[[nodiscard]] std::vector<KeepName> keep_names();

// Adds --keep, whose value may be left out. typed has no value if the option is not given, and is empty if it
// is given alone. It must outlive the parsing.
void add_keep_option(CLI::App& app, std::optional<std::string>& typed);

// "": packets and rows. Otherwise "packets", "rows", "flows", "dns", "http" and "tls" with commas between
// them, each perhaps with a limit behind a colon: a size as in "packets:1GiB", or a duration as in
// "rows:30d". Error: usage.
[[nodiscard]] base::Result<wire::Keep> parse_keep(std::string_view text);

}  // namespace packetsentry::ctl
