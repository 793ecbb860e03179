// The options -T, -e, -E and --names: the format of rows on standard output, its columns, and how they are
// set apart; and the names of addresses.
#pragma once

#include <string>
#include <vector>

#include "ctl/render/formats.h"
#include "daemon/base/result.h"

namespace CLI {
class App;
}

namespace packetsentry::ctl {

// As they were typed.
struct FormatOptions {
    std::string format = {};  // empty: none
    std::vector<std::string> fields = {};
    std::vector<std::string> settings = {};
    bool names = false;
};

// The options must outlive the parsing.
void add_format_options(CLI::App& app, FormatOptions& options);

struct ChosenFormat {
    const render::Format* format = nullptr;
    render::FieldSettings fields = {};
    std::string_view option =
        {};              // that has chosen it, "-T" or "--json"; empty: none, so it is the usual one
    bool names = false;  // of addresses are shown
};

// usual: without -T and --json. Errors: usage (a format or a setting that there is not, options that
// contradict each other), filter (a field that there is not).
[[nodiscard]] base::Result<ChosenFormat> choose_format(const FormatOptions& options, bool json,
                                                       const render::Format& usual);

}  // namespace packetsentry::ctl
