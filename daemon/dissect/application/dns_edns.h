// The option record of DNS, which says of the message what its header has no room for (RFC 6891 section 6.1).
#pragma once

#include <cstdint>

#include "daemon/dissect/cursor.h"
#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

struct EdnsOptions {
    bool there = false;
    std::uint8_t code = 0;  // the upper eight bits of the response code
    std::uint8_t version = 0;
    bool dnssec_ok = false;
    std::uint16_t datagram_bytes = 0;  // what the sender can take
    Cursor options;                    // what of them is there

    // at: behind the record's type. Where it ends before the record's data, none is there.
    [[nodiscard]] static EdnsOptions read(Cursor at);

    // Adds packetsentry.dns.edns.*, if the record is there.
    void tell(Dissection& out) const;
};

}  // namespace packetsentry::dissect
