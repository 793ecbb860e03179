// The option --packet: one packet of a file, by its place there.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/base/result.h"

namespace packetsentry::ctl {

// "42" → 42; from 1 to 9223372036854775807. Error: usage.
[[nodiscard]] base::Result<std::uint64_t> parse_packet_place(std::string_view typed);

}  // namespace packetsentry::ctl
