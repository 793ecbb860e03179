// The extension headers between IPv6 and what it carries, RFC 8200 section 4; the authentication header,
// RFC 4302 section 2.
//
//   0             1            2
//   +-------------+------------+----------------------
//   | next header | size / 8   | options, addresses, …     authentication: size / 4
//   |             | - 1        |                           - 2
//   +-------------+------------+----------------------
//   | next header | 0          | offset/8, more | id |     fragment: always 8 bytes
//   +-------------+------------+----------------------
#pragma once

#include <cstdint>

#include "daemon/dissect/cursor.h"
#include "daemon/dissect/fragment.h"
#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

inline constexpr std::uint8_t kNoNextHeader = 59;

struct ExtensionChain {
    std::uint8_t next = 0;   // IANA number behind the last header read
    Fragment fragment = {};  // with a fragment header
    bool stopped = false;    // what follows is not what next says: the chain is cut, broken or too long
    bool malformed = false;
};

// Leaves bytes behind the chain; in the first of several fragments they are cut.
[[nodiscard]] ExtensionChain walk_extensions(std::uint8_t next, Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
