// Strings in double quotes, with the escapes of Wireshark (wireshark-filter(4), "String escapes").
#include <cstdint>

#include "proto/query/token.h"

namespace packetsentry::query {
namespace {

struct Escape {
    char letter;
    char byte;
};
constexpr Escape kEscapes[] = {{'"', '"'},  {'\\', '\\'}, {'\'', '\''}, {'a', '\a'}, {'b', '\b'},
                               {'f', '\f'}, {'n', '\n'},  {'r', '\r'},  {'t', '\t'}, {'v', '\v'}};

int digit_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return 16;
}

// RFC 3629 section 3.
void append_utf8(std::string& to, std::uint32_t code) {
    const auto byte = [&to](std::uint32_t value) { to += static_cast<char>(value); };
    if (code < 0x80) return byte(code);
    if (code < 0x800) {
        byte(0xC0 | code >> 6);
    } else if (code < 0x10000) {
        byte(0xE0 | code >> 12);
        byte(0x80 | (code >> 6 & 0x3F));
    } else {
        byte(0xF0 | code >> 18);
        byte(0x80 | (code >> 12 & 0x3F));
        byte(0x80 | (code >> 6 & 0x3F));
    }
    byte(0x80 | (code & 0x3F));
}

bool is_character(std::uint32_t code) {
    return code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

class StringReader {
  public:
    StringReader(std::string_view text, std::size_t offset) : text_(text), begin_(offset), at_(offset + 1) {}

    Result<Token> read(bool raw) {
        while (at_ < text_.size() && text_[at_] != '"') {
            if (text_[at_] != '\\') {
                token_.value += text_[at_++];
            } else if (raw) {
                read_raw_backslash();
            } else if (auto problem = read_escape()) {
                return std::unexpected(*problem);
            }
        }
        if (at_ >= text_.size())
            return refuse("this string has no closing double quote", {begin_, text_.size() - begin_});
        ++at_;
        token_.kind = TokenKind::string;
        token_.place = {begin_, at_ - begin_};
        token_.text = text_.substr(begin_, at_ - begin_);
        return std::move(token_);
    }

  private:
    // A raw string has no way to write a double quote but behind a backslash, which stays.
    void read_raw_backslash() {
        token_.value += text_[at_++];
        if (at_ < text_.size()) token_.value += text_[at_++];
    }

    std::optional<Problem> read_escape() {
        const std::size_t begin = at_++;
        if (at_ >= text_.size()) return {};  // there is no closing quote either
        const char letter = text_[at_];
        if (letter == 'x' || letter == 'u' || letter == 'U') return read_code(begin);
        if (letter >= '0' && letter <= '7') {
            token_.value += static_cast<char>(read_digits(8, 3) & 0xFF);
            return {};
        }
        ++at_;
        for (const Escape& row : kEscapes)
            if (row.letter == letter) {
                token_.value += row.byte;
                return {};
            }
        if (!token_.odd_escape) token_.odd_escape = Place{begin, 2};
        token_.value += '\\';
        token_.value += letter;
        return {};
    }

    // \xHH is a byte; \uHHHH and \UHHHHHHHH are characters.
    std::optional<Problem> read_code(std::size_t begin) {
        const char letter = text_[at_++];
        const std::size_t most = letter == 'x' ? 2 : letter == 'u' ? 4 : 8;
        const std::size_t first = at_;
        const std::uint32_t code = read_digits(16, most);
        const std::size_t digits = at_ - first;
        const Place place{begin, at_ - begin};
        if (letter == 'x') {
            if (digits == 0) return Problem{"\\x needs one or two hexadecimal digits behind it", place};
            token_.value += static_cast<char>(code);
            return {};
        }
        if (digits != most)
            return Problem{letter == 'u' ? "\\u needs four hexadecimal digits behind it"
                                         : "\\U needs eight hexadecimal digits behind it",
                           place};
        if (!is_character(code)) return Problem{"this is not the number of a Unicode character", place};
        append_utf8(token_.value, code);
        return {};
    }

    std::uint32_t read_digits(int base, std::size_t most) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < most && at_ < text_.size() && digit_value(text_[at_]) < base; ++i)
            value = value * static_cast<std::uint32_t>(base) +
                    static_cast<std::uint32_t>(digit_value(text_[at_++]));
        return value;
    }

    std::string_view text_;
    std::size_t begin_;
    std::size_t at_;
    Token token_;
};

}  // namespace

Result<Token> string_token(std::string_view text, std::size_t offset, bool raw) {
    return StringReader(text, offset).read(raw);
}

}  // namespace packetsentry::query
