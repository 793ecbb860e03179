// The certificates by which servers say who they are (X.509, RFC 5280). Up to TLS 1.2 they are in the clear.
#pragma once

#include <cstddef>
#include <span>

#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

// Adds the fields of the certificate, and the hash of its bytes. Texts may point into these. A part that is
// damaged or beyond a limit is left out. false: it is no certificate, and nothing was added.
[[nodiscard]] bool read_server_certificate(std::span<const std::byte> certificate, Dissection& out);

}  // namespace packetsentry::dissect
