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
    KeptPart{{"flows", "a row for each conversation"}, &wire::Keep::mutable_flows},
    KeptPart{{"dns", "a row for each question of DNS"}, &wire::Keep::mutable_dns},
    KeptPart{{"http", "a row for each request of HTTP"}, &wire::Keep::mutable_http},
    KeptPart{{"tls", "a row for each handshake of TLS"}, &wire::Keep::mutable_tls},
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

// "packets", "rows:30d". false: it is nothing of the kind.
bool add_part(std::string_view text, wire::Keep& keep) {
    const std::size_t colon = text.find(':');
    const auto* word = std::ranges::find(kKeptParts, text.substr(0, colon),
                                         [](const KeptPart& one) { return one.name.word; });
    if (word == kKeptParts.end()) return false;
    wire::Retention& retention = *(keep.*word->part)();
    return colon == std::string_view::npos || add_limit(text.substr(colon + 1), retention);
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
           "'packetsentryctl results' find them later; --keep rows keeps only the rows, --keep flows the\n"
           "conversations, --keep dns the questions of DNS, --keep http the requests of HTTP, --keep tls\n"
           "the handshakes of TLS, and --keep packets,flows,dns,http,tls all of it. A limit may follow\n"
           "each word, as in --keep packets:1GiB,flows:90d: then the oldest are removed")
        ->type_name("KEPT")
        ->expected(0, 1);
}

base::Result<wire::Keep> parse_keep(std::string_view text) {
    wire::Keep keep;
    if (text.empty()) {
        keep.mutable_packets();
        return keep;
    }
    for (std::string_view left = text; !left.empty();) {
        const std::size_t comma = std::min(left.find(','), left.size());
        const bool last = comma == left.size();
        if (!add_part(left.substr(0, comma), keep) || (!last && comma + 1 == left.size()))
            return base::fail(
                base::ErrorCode::usage,
                "cannot keep '" + std::string(text) +
                    "': write --keep alone, or packets, rows, flows, dns, http and tls with commas between "
                    "them and a limit behind a word, as in --keep packets:1GiB or --keep rows:30d,flows:90d");
        left.remove_prefix(last ? comma : comma + 1);
    }
    return keep;
}

}  // namespace packetsentry::ctl
