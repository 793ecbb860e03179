// The words, strings and signs of an expression.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/query/query.h"

namespace packetsentry::query {

enum class TokenKind : std::uint8_t {
    word,    // a name, an operator, or a value that needs no quotes
    string,  // in double quotes
    sign,    // "==", "(", ".." and the like
    end,     // behind the last one
};

struct Token {
    TokenKind kind = TokenKind::end;
    std::string_view text;  // as it is written, into the expression
    Place place;
    std::string value = {};  // a string without its quotes and escapes
    // A backslash in a string before what needs none. It stands for itself, which only a pattern may mean.
    std::optional<Place> odd_escape = {};

    [[nodiscard]] bool is_sign(std::string_view sign) const {
        return kind == TokenKind::sign && text == sign;
    }
    [[nodiscard]] bool is_word(std::string_view word) const {
        return kind == TokenKind::word && text == word;
    }
};

// All of them, and one of TokenKind::end. text must live as long as they do.
[[nodiscard]] Result<std::vector<Token>> tokens_of(std::string_view text);

// A string of the language that begins at text[offset], which is its double quote. raw: no backslash is
// special.
[[nodiscard]] Result<Token> string_token(std::string_view text, std::size_t offset, bool raw);

}  // namespace packetsentry::query
