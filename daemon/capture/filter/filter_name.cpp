#include "daemon/capture/filter/filter_name.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "daemon/capture/filter/known_numbers.h"

namespace packetsentry::capture {
namespace {

enum class Kind { none, host, port, port_range, ip_protocol };

struct Word {
    std::string_view word;
    Kind kind;  // of what follows it, and of what inherits that ("port a or b")
};
constexpr std::array kWords{
    Word{"host", Kind::host},
    Word{"net", Kind::host},
    Word{"gateway", Kind::host},
    Word{"src", Kind::host},
    Word{"dst", Kind::host},
    Word{"ra", Kind::host},
    Word{"ta", Kind::host},
    Word{"addr1", Kind::host},
    Word{"addr2", Kind::host},
    Word{"addr3", Kind::host},
    Word{"addr4", Kind::host},
    Word{"port", Kind::port},
    Word{"portrange", Kind::port_range},
    Word{"proto", Kind::ip_protocol},
    Word{"protochain", Kind::ip_protocol},
    Word{"type", Kind::none},
    Word{"subtype", Kind::none},
    Word{"dir", Kind::none},
    Word{"direction", Kind::none},
    Word{"ifname", Kind::none},
    Word{"on", Kind::none},
    Word{"reason", Kind::none},
    Word{"action", Kind::none},
};
// A value stands after these, after a sign, or after one of the above; elsewhere it is a syntax error.
constexpr std::array<std::string_view, 3> kLinks{"and", "or", "not"};
// Protocols of these are in a table of libpcap's own.
constexpr std::array<std::string_view, 5> kLinkWords{"ether", "link", "fddi", "tr", "wlan"};
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";

template <std::size_t Size>
bool one_of(const std::array<std::string_view, Size>& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

bool only(std::string_view text, std::string_view characters, std::string_view also) {
    return std::ranges::all_of(text, [&](char c) { return characters.contains(c) || also.contains(c); });
}

// 10.1.2.3, 10.0.0.0/8, 0x0a010203, fe80::1, 0:1:2:3:4:5, 00-01-02-03-04-05, 000102030405, 0001.0203.0405
bool is_number(std::string_view word) {
    if (only(word, kDigits, "./")) return true;
    if (word.starts_with("0x") && only(word.substr(2), kHexDigits, "")) return true;
    if (word.contains(':')) return only(word, kHexDigits, ":./");
    const bool groups =
        std::ranges::count(word, '-') == 5 || (std::ranges::count(word, '.') == 2 && word.size() == 14);
    return only(word, kHexDigits, groups ? "-." : "") && (groups || word.size() == 12);
}

bool is_word(std::string_view text) {
    return text.front() == '\\' || (text.front() >= '0' && text.front() <= '9') ||
           (text.front() >= 'a' && text.front() <= 'z') || (text.front() >= 'A' && text.front() <= 'Z');
}

bool parses(const std::string& expression, const FilterCompile& compile) {
    return !compile(expression).starts_with("can't parse filter expression");
}

// libpcap's scanner decides: a word of the language cannot follow "ifname", any name can, and none is
// looked up there; and what can follow "less" is one of its names for numbers ("tcpflags").
bool is_name(std::string_view word, const FilterCompile& compile) {
    if (word.front() == '\\') return true;
    return parses("ifname " + std::string(word), compile) && !parses("less " + std::string(word), compile);
}

std::optional<std::uint16_t> number_of(Kind kind, std::string_view name) {
    if (name.starts_with('\\')) name.remove_prefix(1);
    if (kind == Kind::port) return port_number(name);
    return kind == Kind::ip_protocol ? protocol_number(name) : std::nullopt;
}

bool needs_no_name(Kind kind, std::string_view word) {
    if (kind == Kind::port_range) return only(word, kDigits, "-");
    return kind == Kind::host ? is_number(word) : only(word, kDigits, "") || word.starts_with("0x");
}

}  // namespace

std::expected<std::string, UnknownName> resolve_names(std::string_view expression,
                                                      const FilterCompile& compile) {
    std::string resolved;
    std::size_t copied = 0;
    Kind kind = Kind::none;  // a name with nothing before it is a syntax error
    std::string_view before;
    for (const FilterToken& token : filter_tokens(expression)) {
        const auto* word = std::ranges::find(kWords, token.text, &Word::word);
        const std::string_view last = std::exchange(before, token.text);
        const bool of_link = one_of(kLinkWords, last);
        const bool follows_value = !last.empty() && is_word(last) && !one_of(kLinks, last) &&
                                   std::ranges::find(kWords, last, &Word::word) == kWords.end();
        if (word != kWords.end()) {
            kind = of_link && word->kind == Kind::ip_protocol ? Kind::none : word->kind;
            continue;
        }
        if (kind == Kind::none || follows_value || !is_word(token.text)) continue;
        if (needs_no_name(kind, token.text)) continue;
        if (!is_name(token.text, compile)) continue;
        const auto number = number_of(kind, token.text);
        if (!number)
            return std::unexpected(UnknownName{token, kind == Kind::host ? "the address" : "the number"});
        resolved.append(expression.substr(copied, token.begin - copied)).append(std::to_string(*number));
        copied = token.end();
    }
    return resolved.append(expression.substr(copied));
}

}  // namespace packetsentry::capture
