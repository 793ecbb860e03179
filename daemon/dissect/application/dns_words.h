// How DNS numbers read: the words of the IANA "Domain Name System (DNS) Parameters" registry.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

// "AAAA"; "TYPE1234" for one without a name (RFC 3597 section 5), composed in out.
[[nodiscard]] std::string_view dns_type_word(std::uint16_t type, Dissection& out);

// "IN"; "CLASS1234" for one without a name.
[[nodiscard]] std::string_view dns_class_word(std::uint16_t record_class, Dissection& out);

// "UPDATE"; "OPCODE7" for one without a name.
[[nodiscard]] std::string_view dns_operation_word(std::uint8_t code);

// "NXDOMAIN", "BADCOOKIE"; "RCODE13" for one without a name. code: the four bits of the header, and before
// them the eight of an option record (RFC 6891 section 6.1.3).
[[nodiscard]] std::string_view dns_response_word(std::uint16_t code, Dissection& out);

}  // namespace packetsentry::dissect
