// What Wireshark's language has and this one does not, and what people type by mistake, each with what to
// write instead.
#pragma once

#include <optional>
#include <span>

#include "proto/query/token.h"

namespace packetsentry::query {

// What token and those behind it begin that is refused; none: nothing of the kind. The last token is of
// TokenKind::end.
[[nodiscard]] std::optional<Problem> refused_at(std::span<const Token> from);

// A capture filter of libpcap, which is another language, with the display filter that says the same.
[[nodiscard]] std::optional<Problem> capture_filter_at(std::span<const Token> from);

}  // namespace packetsentry::query
