#include "daemon/capture/filter_name.h"

#include <algorithm>
#include <array>
#include <string>

namespace packetsentry::capture {
namespace {

// What follows these is a name of something else, and so is what inherits them ("port a or b").
constexpr std::array<std::string_view, 12> kOtherKinds{"port",   "portrange", "proto",  "protochain",
                                                       "type",   "subtype",   "dir",    "direction",
                                                       "ifname", "on",        "reason", "action"};
constexpr std::array<std::string_view, 11> kHostKinds{"host", "net",   "gateway", "src",   "dst",  "ra",
                                                      "ta",   "addr1", "addr2",   "addr3", "addr4"};
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

// libpcap's scanner decides: a word of the language cannot follow "port", any name can; and what can
// follow "less" is one of its names for numbers ("tcpflags").
bool is_name(std::string_view word, const FilterCompile& compile) {
    if (word.front() == '\\') return true;
    return parses("port " + std::string(word), compile) && !parses("less " + std::string(word), compile);
}

}  // namespace

std::optional<FilterToken> find_host_name(std::string_view expression, const FilterCompile& compile) {
    bool host_kind = false;  // a name with nothing before it is a syntax error
    for (const FilterToken& token : filter_tokens(expression)) {
        if (one_of(kOtherKinds, token.text))
            host_kind = false;
        else if (one_of(kHostKinds, token.text))
            host_kind = true;
        else if (host_kind && is_word(token.text) && !is_number(token.text) && is_name(token.text, compile))
            return token;
    }
    return std::nullopt;
}

}  // namespace packetsentry::capture
