// What the records SVCB and HTTPS say of a service beside its name (RFC 9460 section 7).
#pragma once

#include "daemon/dissect/cursor.h"
#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

// Appends "alpn=h2,h3 port=8443" to out's text and leaves data empty. false: a length leads beyond the data,
// or a value is not what its key asks for.
[[nodiscard]] bool put_dns_service_parameters(Cursor& data, Dissection& out);

}  // namespace packetsentry::dissect
