// The integers of QUIC, whose first two bits say how long they are (RFC 9000 section 16).
#pragma once

#include <cstdint>

#include "daemon/dissect/cursor.h"

namespace packetsentry::dissect {

[[nodiscard]] inline std::uint64_t read_quic_number(Cursor& at) {
    const std::uint8_t first = at.u8();
    std::uint64_t value = first & 0x3F;
    for (int more = (1 << (first >> 6)) - 1; more > 0; --more) value = value << 8 | at.u8();
    return value;
}

}  // namespace packetsentry::dissect
