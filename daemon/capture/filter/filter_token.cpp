#include "daemon/capture/filter/filter_token.h"

#include <algorithm>
#include <array>

namespace packetsentry::capture {
namespace {

constexpr std::string_view kBlank = " \t\r\n";
constexpr std::array<std::string_view, 8> kTwoSigns{"&&", "||", "<<", ">>", "<=", ">=", "==", "!="};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool in_word(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' ||
           c == ':' || c == '-';
}

std::size_t escaped_size(std::string_view text) {
    return std::min(text.find_first_of(" !()\n\t"), text.size());
}

std::size_t word_size(std::string_view text) {
    std::size_t size = 0;
    while (size < text.size() && in_word(text[size])) ++size;
    // A network's "/8" belongs to it.
    if (size + 1 < text.size() && text[size] == '/' && is_digit(text[size + 1]))
        size = size + 1 + word_size(text.substr(size + 1));
    return size;
}

std::size_t token_size(std::string_view text) {
    if (text.front() == '\\') return escaped_size(text);
    if (in_word(text.front()) && text.front() != '-') return word_size(text);
    return std::ranges::find(kTwoSigns, text.substr(0, 2)) != kTwoSigns.end() ? 2 : 1;
}

}  // namespace

std::vector<FilterToken> filter_tokens(std::string_view expression) {
    std::vector<FilterToken> tokens;
    std::size_t at = expression.find_first_not_of(kBlank);
    while (at != std::string_view::npos) {
        const std::size_t size = token_size(expression.substr(at));
        tokens.push_back({expression.substr(at, size), at});
        at = expression.find_first_not_of(kBlank, at + size);
    }
    return tokens;
}

}  // namespace packetsentry::capture
