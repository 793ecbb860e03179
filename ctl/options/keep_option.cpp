#include "ctl/options/keep_option.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "daemon/base/quantity.h"

namespace packetsentry::ctl {
namespace {

struct KeptPart {
    KeepName name;
    wire::Retention* (wire::Keep::*part)();
};

constexpr std::array kKeptParts = {
    KeptPart{{"packets", "the packets and their rows, as without a value"}, &wire::Keep::mutable_packets},
    KeptPart{{"rows", "only the rows, which take less space"}, &wire::Keep::mutable_rows},
};

// false: it is neither a size nor a duration.
bool add_limit(std::string_view text, wire::Retention& retention) {
    const auto bytes = base::parse_size(text, base::Bare::refused);
    const auto age = base::parse_duration(text, base::Bare::refused);
    if (bytes.value_or(0) != 0)
        retention.set_bytes(*bytes);
    else if (age.value_or(0) != 0)
        retention.set_age_ns(*age);
    else
        return false;
    return true;
}

}  // namespace

std::vector<KeepName> keep_names() {
    std::vector<KeepName> names;
    for (const KeptPart& word : kKeptParts) names.push_back(word.name);
    return names;
}

void add_keep_option(CLI::App& app, std::optional<std::string>& typed) {
    app.add_option_function<std::string>(
           "--keep", [&typed](const std::string& text) { typed = text; },
           "Also keep the packets and their rows on the daemon's disk, where 'packetsentryctl search' and\n"
           "'packetsentryctl results' find them later; --keep rows keeps only the rows. A limit may\n"
           "follow, as in --keep packets:1GiB or --keep rows:30d: then the oldest are removed")
        ->type_name("KEPT")
        ->expected(0, 1);
}

base::Result<wire::Keep> parse_keep(std::string_view text) {
    wire::Keep keep;
    if (text.empty()) {
        keep.mutable_packets();
        return keep;
    }
    const std::size_t colon = text.find(':');
    const auto* word = std::ranges::find(kKeptParts, text.substr(0, colon),
                                         [](const KeptPart& one) { return one.name.word; });
    const bool right = word != kKeptParts.end() && (colon == std::string_view::npos ||
                                                    add_limit(text.substr(colon + 1), *(keep.*word->part)()));
    if (!right)
        return base::fail(
            base::ErrorCode::usage,
            "cannot keep '" + std::string(text) +
                "': write --keep alone, --keep packets or --keep rows, with a limit as in --keep "
                "packets:1GiB or --keep rows:30d");
    (void)(keep.*word->part)();
    return keep;
}

}  // namespace packetsentry::ctl
