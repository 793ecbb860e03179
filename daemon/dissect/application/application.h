// The protocols above TCP and UDP: one file and one row each (table in application.cpp).
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "daemon/dissect/cursor.h"
#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

enum class Carrier : std::uint8_t { udp, tcp };

// Looks at the payload of one datagram or segment. true: it is this protocol; out.protocol and fields
// are set, and out.malformed where it is broken. false: it is not, and out is as it was.
using ApplicationDissector = bool (*)(Cursor payload, Dissection& out);

struct Application {
    Carrier carrier;
    std::array<std::uint16_t, 4> ports;  // either direction; 0: unused
    bool any_port;                       // also tried where no port matches, in table order
    ApplicationDissector dissect;
};

[[nodiscard]] std::span<const Application> applications();

// Tries the rows for these ports, then the any-port ones. payload not empty. A header of the PROXY protocol
// before it is read first.
void dissect_application(Carrier carrier, std::uint16_t source_port, std::uint16_t destination_port,
                         Cursor payload, Dissection& out);

}  // namespace packetsentry::dissect
