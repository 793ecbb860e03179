// The grammar: tokens become a tree.
//
//   expression  = exclusive { ("or" | "||") exclusive }
//   exclusive   = conjunction { ("xor" | "^^") conjunction }
//   conjunction = negation { ("and" | "&&") negation }
//   negation    = ("not" | "!") negation | "(" expression ")" | comparison
//   comparison  = [ "any" | "all" ] field [ "&" number ] [ operator value | [ "not" ] "in" "{" range { [","]
//   range } "}" ] range       = value [ ".." value ]
#pragma once

#include <vector>

#include "proto/query/expression.h"
#include "proto/query/token.h"

namespace packetsentry::query {

// The tokens end with one of TokenKind::end. Never goes deeper than kDepthLimit, whatever the tokens are.
[[nodiscard]] Result<Tree> parse_tokens(std::vector<Token> tokens);

}  // namespace packetsentry::query
