// The Initial packets of a QUIC client that two RFCs have as their examples.
#pragma once

#include "tests/support/packet_builder.h"

namespace packetsentry::test {

// RFC 9001 appendix A.2, and what RFC 9369 appendix A.2 makes of it: a datagram of 1200 bytes whose hello
// asks for example.com. The destination connection ID is 8394c8f03e515708, the packet number 2.
[[nodiscard]] Bytes quic_initial_of_version_1();
[[nodiscard]] Bytes quic_initial_of_version_2();

// The CRYPTO frame in both of them, behind which padding fills 1162 bytes.
[[nodiscard]] Bytes quic_crypto_frame();

}  // namespace packetsentry::test
