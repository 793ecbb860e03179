// What stands before a tunnel's header in its tests.
#pragma once

#include <cstdint>

#include "tests/support/packet_builder.h"

namespace packetsentry::dissect {

inline test::PacketBuilder outer() {
    return test::PacketBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2");
}

inline test::PacketBuilder outer(std::uint16_t port) {
    return outer().udp(4000, port);
}

}  // namespace packetsentry::dissect
