#include "proto/query/shown.h"

#include "daemon/base/printable.h"

namespace packetsentry::query {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

void append_hex(std::string& to, char byte) {
    const auto value = static_cast<unsigned char>(byte);
    to += "\\x";
    to += kDigits[value >> 4];
    to += kDigits[value & 15];
}

// Appends what the text begins with, and gives its size.
std::size_t append_first(std::string& to, std::string_view text) {
    const base::Character first = base::first_character(text);
    if (first.printable())
        to += text.substr(0, first.size);
    else
        for (const char byte : text.substr(0, first.size)) append_hex(to, byte);
    return first.size;
}

}  // namespace

std::string shown(std::string_view text) {
    std::string result = "\"";
    while (!text.empty() && result.size() < kShownLimit) text.remove_prefix(append_first(result, text));
    result += text.empty() ? "\"" : "...\"";
    return result;
}

std::string quoted(std::string_view text) {
    std::string result = "\"";
    while (!text.empty()) {
        if (text.front() == '"' || text.front() == '\\') result += '\\';
        text.remove_prefix(append_first(result, text));
    }
    return result + '"';
}

}  // namespace packetsentry::query
