// The options of search: of which time and which jobs packets are wanted, which of these packets, and what to
// do with them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ctl/options/capture_options.h"
#include "ctl/options/packet_options.h"
#include "daemon/base/result.h"
#include "proto/messages/search.pb.h"

namespace CLI {
class App;
}

namespace packetsentry::ctl {

struct SearchOptions {
    FilterOptions filter;  // with bpf, which is refused
    PacketOptions packet;
    std::optional<std::string> since;  // these five as they were typed
    std::optional<std::string> until;
    std::optional<std::string> count;
    std::optional<std::string> last;
    std::optional<std::string> context;
    std::string name;
    std::string table;  // as it was typed
    std::vector<std::string> jobs;
    std::string output;
    bool no_clobber = false;  // an output that is there is refused
    bool reverse = false;
    bool explain = false;
};

// The options must outlive the parsing.
void add_search_options(CLI::App& app, SearchOptions& options);

// now_ns: the present moment, on which times such as "10m ago" depend. Errors: usage (a time, a number,
// a table, options that contradict each other, an output that is no pcapng), filter.
[[nodiscard]] base::Result<wire::Search> make_search(const SearchOptions& options, std::int64_t now_ns);

}  // namespace packetsentry::ctl
