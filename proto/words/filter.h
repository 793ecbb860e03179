// The filter words, and what the parts of a filter ask for: as a value, and as one libpcap expression to be
// shown. Nothing is compiled here.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "daemon/base/packet_filter.h"
#include "daemon/base/result.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::proto {

struct FilterWord {
    std::string_view name;                    // what follows -f
    std::span<const base::PacketKind> kinds;  // what it stands for: any of these
    std::string_view meaning;                 // for the help text
};

[[nodiscard]] std::span<const FilterWord> filter_words();

inline constexpr std::size_t kFilterTextLimit = 4096;  // bytes of --bpf

// All parts but bpf. Errors: an unknown word (with the list of words), an address that is not numeric, a port
// out of range.
[[nodiscard]] base::Result<base::PacketFilter> packet_filter(const wire::Filter& filter);

// As a libpcap expression, "" where it passes all: "(tcp port 80 or tcp port 443) and (host 10.0.0.1)".
[[nodiscard]] std::string options_text(const base::PacketFilter& filter);

// The whole filter as one expression, "" for none. Errors: as packet_filter(), and for bpf a text over the
// limit or with control characters.
[[nodiscard]] base::Result<std::string> filter_text(const wire::Filter& filter);

// How a filter reads that a required one is added to: "(net 10.0.0.0/8) and (udp)". Either may be "". To be
// shown, not compiled: what belongs to one text could then end up in the other.
[[nodiscard]] std::string whole_filter_text(const std::string& required, const std::string& own);

}  // namespace packetsentry::proto
