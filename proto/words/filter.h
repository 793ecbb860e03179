// Has the words of -f, and converts a filter into a value that can be applied, and into a libpcap expression
// that can be shown. Nothing is compiled here.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "daemon/base/packet_filter.h"
#include "daemon/base/result.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::proto {

struct FilterWord {
    std::string_view name;                    // the word after -f
    std::span<const base::PacketKind> kinds;  // the word stands for packets of any of these kinds
    std::string_view meaning;                 // for the help text
};

[[nodiscard]] std::span<const FilterWord> filter_words();

inline constexpr std::size_t kFilterTextLimit = 4096;    // bytes of --bpf
inline constexpr std::size_t kDisplayTextLimit = 32768;  // bytes of -Y; with longer names than were typed

// Converts all parts except bpf. Error (filter): an unknown word (the message lists the words), an address
// that is not numeric, or a port out of range.
[[nodiscard]] base::Result<base::PacketFilter> packet_filter(const wire::Filter& filter);

// Returns the libpcap expression for this filter, as "(tcp port 80 or tcp port 443) and (host 10.0.0.1)", or
// "" if it passes every packet.
[[nodiscard]] std::string options_text(const base::PacketFilter& filter);

// Returns what libpcap compiles of the filter as one expression, or "" if there is nothing. Errors: those of
// packet_filter(), and a text that is longer than its limit or contains control characters. Neither text is
// parsed here.
[[nodiscard]] base::Result<std::string> filter_text(const wire::Filter& filter);

// Returns the text for a required filter and a user's own filter together, as "(net 10.0.0.0/8) and (udp)".
// Either may be
// "". Only show this text and do not compile it: parentheses in one filter could change the meaning of the
// other.
[[nodiscard]] std::string whole_filter_text(const std::string& required, const std::string& own);

}  // namespace packetsentry::proto
