// Names in DNS messages: labels and compression pointers (RFC 1035 sections 3.1 and 4.1.4).
#pragma once

#include <cstddef>
#include <cstdint>

#include "daemon/dissect/cursor.h"
#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

inline constexpr std::size_t kDnsHeaderBytes = 12;

enum class DnsNameState : std::uint8_t {
    whole,
    cut,        // the captured bytes ended in it
    malformed,  // a label type or pointer that cannot be, over 255 bytes, or the message ended in it
};

// whole: the message from the first byte of its header on. at: a copy of it that has come to the name;
// moved past it. The name's text is appended to out's: labels joined with '.', a '.' or '\' within a
// label escaped by '\', any other byte as it is; the root is ".". Unless the state is whole, where at
// stands and what was appended mean nothing.
//
// Every pointer must lead before the labels that it ends, so no name loops; hops are capped besides. Each
// pointer that is followed adds one to hops: names that are chained to each other cost the square of their
// number, so whoever reads many of them must end somewhere.
[[nodiscard]] DnsNameState read_dns_name(const Cursor& whole, Cursor& at, Dissection& out, int& hops);
[[nodiscard]] inline DnsNameState read_dns_name(const Cursor& whole, Cursor& at, Dissection& out) {
    int hops = 0;
    return read_dns_name(whole, at, out, hops);
}

// Moves past the name without following pointers.
[[nodiscard]] DnsNameState skip_dns_name(Cursor& at);

}  // namespace packetsentry::dissect
