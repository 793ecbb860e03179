// Domain names in options of DHCP: labels behind their lengths as in DNS, but never compressed, and without
// the final empty label where only a part of a name is told (RFC 8415 section 10, RFC 4704 section 4.2).
#pragma once

#include <optional>
#include <string_view>

#include "daemon/dissect/cursor.h"
#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

// Returns the name that the bytes consist of, in out's own text; none where they are not one, or there is no
// label.
[[nodiscard]] std::optional<std::string_view> read_label_text(Cursor name, Dissection& out);

}  // namespace packetsentry::dissect
