// Wireshark's names that are more than another name for a column: bits of a number, flags that are words of a
// list, and the presence of a field.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "proto/query/expression.h"

namespace packetsentry::query {

struct Alias {
    std::string_view name;
    std::string_view path;
    Reference::Reading reading = Reference::Reading::plain;
    std::uint64_t mask =
        std::numeric_limits<std::uint64_t>::max();  // its lowest bit becomes the lowest of the value
    std::string_view word = {};                     // of Reading::listed
};

// One name may have several rows, for several columns; they agree in everything else.
[[nodiscard]] std::span<const Alias> aliases();

// "ssl.handshake.type" → "tls.handshake.type": what Wireshark has renamed is known by its old name too.
[[nodiscard]] std::string current_name(std::string_view name);

// Why a field of the table cannot be asked; empty: it can.
[[nodiscard]] std::string_view why_not_asked(std::string_view path);

// Where a flag that is a word of a list has its 0: in each row that has this column.
inline constexpr std::string_view kFlagListOwner = "dns.type";

}  // namespace packetsentry::query
