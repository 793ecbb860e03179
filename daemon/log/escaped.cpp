#include "daemon/log/escaped.h"

#include "daemon/base/printable.h"

namespace packetsentry::log {
namespace {

void append_hex(std::string& out, std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += "\\x";
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
    }
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const base::Character character = base::first_character(text);
        const std::string_view bytes = text.substr(0, character.size);
        if (!character.printable())
            append_hex(out, bytes);
        else if (bytes == "\\")
            out += "\\\\";
        else
            out += bytes;
        text.remove_prefix(bytes.size());
    }
    return out;
}

}  // namespace packetsentry::log
