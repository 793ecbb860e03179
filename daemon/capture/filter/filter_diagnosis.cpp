#include "daemon/capture/filter/filter_diagnosis.h"

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/capture/filter/filter_token.h"

namespace packetsentry::capture {
namespace {

constexpr std::size_t kTextLimit = 1024;
constexpr std::size_t kTokenLimit = 64;
constexpr std::size_t kQuotedLimit = 80;

// What may be missing after a beginning that makes sense, inside its open brackets and behind them.
constexpr std::array<std::string_view, 9> kInside{"",    " 1",   " 1.2.3.4",     " port 1", " 1-2",
                                                  " ip", " mgt", " 1:2:3:4:5:6", " nods"};
constexpr std::array<std::string_view, 3> kBehind{"", " = 1", " 1"};

bool is_syntax_error(std::string_view message) {
    return message.starts_with("can't parse filter expression");
}

std::string closing_brackets(std::string_view text) {
    std::string closing;
    for (const char c : text) {
        if (c == '(') closing.insert(closing.begin(), ')');
        if (c == '[') closing.insert(closing.begin(), ']');
        if ((c == ')' || c == ']') && !closing.empty() && closing.front() == c)
            closing.erase(closing.begin());
    }
    return closing;
}

// Whether text is the beginning of some expression. Another complaint than about syntax means that
// libpcap's parser went on past it.
bool makes_sense(const std::string& text, const FilterCompile& compile) {
    const std::string closing = closing_brackets(text);
    for (const std::string_view inside : kInside)
        for (const std::string_view behind : kBehind)
            if (!is_syntax_error(compile(text + std::string(inside) + closing + std::string(behind))))
                return true;
    return false;
}

std::string place_of(const FilterToken& token) {
    return ", at '" + std::string(token.text) + "' (character " + std::to_string(token.begin + 1) + ")";
}

// The word after the longest beginning that makes sense.
std::string syntax_place(const std::string& expression, std::span<const FilterToken> tokens,
                         const FilterCompile& compile) {
    for (std::size_t count = tokens.size(); count > 0; --count)
        if (makes_sense(expression.substr(0, tokens[count - 1].end()), compile))
            return count == tokens.size() ? ", at the end" : place_of(tokens[count]);
    return place_of(tokens.front());
}

// The last word of the shortest beginning that already has this complaint.
std::string complaint_place(const std::string& expression, const std::string& message,
                            std::span<const FilterToken> tokens, const FilterCompile& compile) {
    for (const FilterToken& token : tokens) {
        const std::string beginning = expression.substr(0, token.end());
        if (compile(beginning) == message || compile(beginning + closing_brackets(beginning)) == message)
            return place_of(token);
    }
    return {};
}

std::string place(const std::string& expression, const std::string& message, const FilterCompile& compile) {
    if (expression.size() > kTextLimit) return {};
    const std::vector<FilterToken> tokens = filter_tokens(expression);
    if (tokens.empty() || tokens.size() > kTokenLimit) return {};
    return is_syntax_error(message) ? syntax_place(expression, tokens, compile)
                                    : complaint_place(expression, message, tokens, compile);
}

std::string in_quotes(const std::string& expression) {
    if (expression.size() <= kTextLimit) return "'" + expression + "'";
    return "'" + expression.substr(0, kQuotedLimit) + "…'";
}

}  // namespace

std::string filter_diagnosis(const std::string& expression, const std::string& message,
                             const FilterCompile& compile) {
    return "bad filter " + in_quotes(expression) + ": " + message + place(expression, message, compile);
}

}  // namespace packetsentry::capture
