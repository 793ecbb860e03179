// The TLS hello that each side of QUIC begins with (RFC 9001 section 4).
#pragma once

#include <cstddef>
#include <span>

#include "daemon/dissect/application/quic_initial.h"
#include "daemon/dissect/cursor.h"
#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

// Adds what the hello tells, as far as the frames of this packet, together with those of earlier ones of the
// same connection (Dissection::quic), have it from its first byte on: all of it, or what stands before the
// first gap. frames: of an Initial packet, opened (quic_initial.h) with this destination_id. false: there is
// no hello.
bool read_quic_hello(const Cursor& frames, QuicSide sender, std::span<const std::byte> destination_id,
                     Dissection& out);

}  // namespace packetsentry::dissect
