#include "daemon/base/printable.h"
#include "proto/query/shown.h"
#include "proto/query/token.h"

namespace packetsentry::query {
namespace {

// A longer sign stands before those that it begins with.
constexpr std::string_view kOperatorSigns[] = {"===", "!==", "==", "!=", "~=", "<=", ">=", "&&", "||", "^^",
                                               "..",  "<",   ">",  "!",  "&",  "~",  "(",  ")",  "{",  "}",
                                               "[",   "]",   ",",  "=",  "+",  "-",  "*",  "/",  "%",  "$",
                                               "#",   "@",   "|",  "^",  ";",  "?",  "'"};

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class Lexer {
  public:
    explicit Lexer(std::string_view text) : text_(text) {}

    Result<std::vector<Token>> read() {
        std::vector<Token> tokens;
        for (skip_blanks(); at_ < text_.size(); skip_blanks()) {
            auto token = next();
            if (!token) return std::unexpected(token.error());
            at_ = token->place.offset + token->place.length;
            tokens.push_back(std::move(*token));
        }
        tokens.push_back({.kind = TokenKind::end, .text = {}, .place = {text_.size(), 0}});
        return tokens;
    }

  private:
    void skip_blanks() {
        while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    }

    [[nodiscard]] char ahead(std::size_t by) const {
        return at_ + by < text_.size() ? text_[at_ + by] : '\0';
    }

    [[nodiscard]] Result<Token> next() const {
        if (text_[at_] == '"') return string_token(text_, at_, false);
        if ((text_[at_] == 'r' || text_[at_] == 'R') && ahead(1) == '"') return raw_string();
        if (const std::size_t size = word_size(); size != 0) return token(TokenKind::word, size);
        for (const std::string_view sign : kOperatorSigns)
            if (text_.substr(at_).starts_with(sign)) return token(TokenKind::sign, sign.size());
        const std::size_t size = base::first_character(text_.substr(at_)).size;
        return refuse(shown(text_.substr(at_, size)) + " means nothing outside of a string in double quotes",
                      {at_, size});
    }

    [[nodiscard]] Result<Token> raw_string() const {
        auto read = string_token(text_, at_ + 1, true);
        if (!read) return read;
        read->place = {at_, read->place.length + 1};
        read->text = text_.substr(at_, read->place.length);
        return read;
    }

    [[nodiscard]] Token token(TokenKind kind, std::size_t size) const {
        return {.kind = kind, .text = text_.substr(at_, size), .place = {at_, size}};
    }

    // A word may have what stands in addresses, prefixes and dates. Two dots are a sign.
    [[nodiscard]] std::size_t word_size() const {
        const bool path = text_[at_] == '@' && is_letter_or_digit(ahead(1));  // "@timestamp"
        const bool address = text_[at_] == ':' && ahead(1) == ':';
        if (!path && !address && !is_letter_or_digit(text_[at_])) return 0;
        std::size_t size = 1;
        while (in_word(ahead(size)) && !(ahead(size) == '.' && ahead(size + 1) == '.')) ++size;
        return size;
    }

    [[nodiscard]] static bool in_word(char c) {
        return is_letter_or_digit(c) || c == '.' || c == ':' || c == '-' || c == '/';
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

Result<std::vector<Token>> tokens_of(std::string_view text) {
    return Lexer(text).read();
}

}  // namespace packetsentry::query
