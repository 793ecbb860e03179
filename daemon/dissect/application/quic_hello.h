// The TLS hello that a QUIC client begins with (RFC 9001 section 4).
#pragma once

#include "daemon/dissect/cursor.h"
#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

// Adds what the hello tells, as far as the frames of this one packet have it from its first byte on: all of
// it, or what stands before the first gap. frames: of a client's Initial packet, opened (quic_initial.h).
// false: there is no hello.
bool read_quic_hello(const Cursor& frames, Dissection& out);

}  // namespace packetsentry::dissect
