// Bytes that are no text, as text.
#pragma once

#include <cstddef>
#include <span>

#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

// Two lower case digits a byte.
void put_hex_bytes(std::span<const std::byte> bytes, Dissection& out);
// Two upper case digits a byte.
void put_upper_hex_bytes(std::span<const std::byte> bytes, Dissection& out);

// RFC 4648 section 4, with padding.
void put_base64(std::span<const std::byte> bytes, Dissection& out);

}  // namespace packetsentry::dissect
