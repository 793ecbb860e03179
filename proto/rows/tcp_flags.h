// The flags of a TCP header in words.
#pragma once

#include <cstdint>
#include <string_view>

namespace packetsentry::rows {

// flags: the lowest byte of the field (RFC 9293 section 3.1), FIN the lowest bit. "SYN,ACK", and "[SYN,ACK]";
// valid for ever.
[[nodiscard]] std::string_view tcp_flags_text(std::uint8_t flags);
[[nodiscard]] std::string_view bracketed_tcp_flags(std::uint8_t flags);

}  // namespace packetsentry::rows
