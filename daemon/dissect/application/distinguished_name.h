// The names of subjects and issuers in certificates (RFC 5280 section 4.1.2.4) as text.
#pragma once

#include "daemon/dissect/cursor.h"
#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

// Puts the name as RFC 4514 writes it, in the form of OpenSSL and Zeek: what is most specific comes first, as
// in "CN=www.example,O=Example Inc,C=US". Control characters are escaped, and all other characters are as the
// certificate has them, so that the text need not be UTF-8. false: the name is damaged, and out is malformed,
// or it is beyond a limit, and out is incomplete. What was put is to be left out then.
[[nodiscard]] bool put_distinguished_name(Cursor name, Dissection& out);

}  // namespace packetsentry::dissect
