// What an IP header carries, by its IANA protocol number.
#pragma once

#include <cstdint>
#include <string_view>

namespace packetsentry::rows {

struct Transport {
    std::uint8_t number;
    std::string_view word;  // "TCP": before the ports of a summary
    std::string_view ecs;   // "tcp": network.transport
};

// Null for a number without a row.
[[nodiscard]] const Transport* transport(std::uint8_t number);

}  // namespace packetsentry::rows
