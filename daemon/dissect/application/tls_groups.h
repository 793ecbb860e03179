// The names of the groups in which two sides of TLS agree on a key.
#pragma once

#include <cstdint>
#include <string_view>

namespace packetsentry::dissect {

// "x25519", as the IANA registry "TLS Supported Groups" has it (RFC 8446 section 4.2.7), or as those called
// it who tried a group out in public; empty for a number that has no name.
[[nodiscard]] std::string_view tls_group_name(std::uint16_t number);

}  // namespace packetsentry::dissect
