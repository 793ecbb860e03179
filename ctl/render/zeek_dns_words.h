// How Zeek calls what DNS has numbers for, and how it writes names
// (scripts/base/protocols/dns/consts.zeek).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ctl/render/text_buffer.h"

namespace packetsentry::ctl::render {

[[nodiscard]] std::string zeek_dns_class(std::uint32_t number);  // "C_INTERNET", "qclass-7"
[[nodiscard]] std::string zeek_dns_type(std::uint32_t number);   // "AAAA", "*", "query-500"
[[nodiscard]] std::string zeek_dns_code(std::uint32_t number);   // "NXDOMAIN", "rcode-500"

// In small letters, and without the backslashes by which a row tells the dots within a label from those
// between labels. Of the root nothing is written.
void append_zeek_name(TextBuffer& out, std::string_view name);

}  // namespace packetsentry::ctl::render
