// How DNS numbers read: the words of the IANA "Domain Name System (DNS) Parameters" registry.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

// "AAAA"; "TYPE1234" for one without a name (RFC 3597 section 5), composed in out.
[[nodiscard]] std::string_view dns_type_word(std::uint16_t type, Dissection& out);

// "NXDOMAIN"; "RCODE13" for one without a name. code: the four bits of the header.
[[nodiscard]] std::string_view dns_response_word(std::uint8_t code);

}  // namespace packetsentry::dissect
