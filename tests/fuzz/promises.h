// What every dissection promises, whatever the bytes.
#pragma once

#include <cstddef>
#include <span>

#include "daemon/dissect/dissection.h"

namespace packetsentry::fuzz {

// Aborts unless every text lies within the packet, the dissection itself or the program's constants, and
// every value is of its field's kind. Reads each byte of each text.
void check_promises(const dissect::Dissection& out, std::span<const std::byte> packet);

}  // namespace packetsentry::fuzz
