// One comparison of an expression: what is asked, and whether it can be.
#pragma once

#include <span>

#include "proto/query/expression.h"
#include "proto/query/token.h"

namespace packetsentry::query {

struct ReadComparison {
    Test test;
    bool negated = false;    // "not in"
    std::size_t tokens = 0;  // how many it has
};

// The comparison that the tokens begin with. The last of them is of TokenKind::end.
[[nodiscard]] Result<ReadComparison> read_comparison(std::span<const Token> tokens);

// An operator of a comparison, as a word or as a sign.
[[nodiscard]] bool is_operator(const Token& token);

// "==" for Operator::eq, and so on.
[[nodiscard]] std::string_view spelling_of(Operator op, Quantifier quantifier);

}  // namespace packetsentry::query
