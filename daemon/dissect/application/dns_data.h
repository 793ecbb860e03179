// The data of DNS records in words, as zone files have it (RFC 1035 section 5.1, and the RFC of each type).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "daemon/dissect/cursor.h"
#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

// whole: the message from the first byte of its header on. data: a copy of it that has come to the data and
// ends with it, which must be there as a whole. hops: as read_dns_name() counts them. Returns the words, in
// out's own text; none where the data contradicts its type; empty where this type's data is not put into
// words.
[[nodiscard]] std::optional<std::string_view> read_dns_data(std::uint16_t type, const Cursor& whole,
                                                            Cursor data, int& hops, Dissection& out);

}  // namespace packetsentry::dissect
