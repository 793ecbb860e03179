// What the fragments of IPv4 and IPv6 have in common.
#pragma once

#include <cstddef>
#include <cstdint>

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

struct Fragment {
    std::uint32_t id = 0;
    std::size_t offset = 0;  // bytes
    bool more = false;
    bool is_there = false;  // IPv6: there is a fragment header

    [[nodiscard]] bool first_of_more() const { return offset == 0 && more; }
};

// A fragment that does not begin with the header of what it carries: ip_protocol is told, no more.
void describe_fragment(const Fragment& fragment, std::size_t size, std::uint8_t ip_protocol, Walk& walk);

}  // namespace packetsentry::dissect
