#include "proto/query/query.h"

#include "proto/query/expression.h"
#include "proto/query/parser.h"
#include "proto/query/token.h"

namespace packetsentry::query {

Result<Expression> parse(std::string_view text, std::size_t limit) {
    if (text.size() > limit)
        return refuse("an expression has at most " + std::to_string(limit) + " bytes, and this has " +
                          std::to_string(text.size()),
                      {limit, text.size() - limit});
    auto tokens = tokens_of(text);
    if (!tokens) return std::unexpected(tokens.error());
    auto tree = parse_tokens(std::move(*tokens));
    if (!tree) return std::unexpected(tree.error());
    return Expression(std::make_shared<const Tree>(std::move(*tree)));
}

}  // namespace packetsentry::query
