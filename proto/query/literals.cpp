#include "proto/query/literals.h"

#include <algorithm>
#include <charconv>

namespace packetsentry::query {
namespace {

constexpr int kMacBytes = 6;

std::optional<std::uint64_t> digits(std::string_view text, int base) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value, base);
    if (text.empty() || error != std::errc() || stop != end) return std::nullopt;
    return value;
}

// "00:00:5e:00:53:01" and the like; every digit is there, so that no time of day is one.
std::optional<base::Address> parse_mac(std::string_view text, char separator, std::size_t group) {
    base::Address address;
    std::size_t at = 0;
    for (int i = 0; i < kMacBytes; ++i) {
        if (at != 0 && (at + 1) % (group + 1) == 0) {
            if (at >= text.size() || text[at] != separator) return std::nullopt;
            ++at;
        }
        const auto byte = at + 2 <= text.size() ? digits(text.substr(at, 2), 16) : std::nullopt;
        if (!byte) return std::nullopt;
        address.bytes[address.size++] = static_cast<std::byte>(*byte);
        at += 2;
    }
    if (at != text.size()) return std::nullopt;
    return address;
}

std::optional<base::Address> parse_any_mac(std::string_view text) {
    if (const auto address = parse_mac(text, ':', 2)) return address;
    if (const auto address = parse_mac(text, '-', 2)) return address;
    return parse_mac(text, '.', 4);
}

void clear_behind(base::Address& address, int bits) {
    for (int i = 0; i < address.size; ++i) {
        const int kept = std::clamp(bits - i * 8, 0, 8);
        address.bytes[static_cast<std::size_t>(i)] &= static_cast<std::byte>(0xFF00 >> kept);
    }
}

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) {
    if (text.starts_with("0x") || text.starts_with("0X")) return digits(text.substr(2), 16);
    if (text.starts_with("0b") || text.starts_with("0B")) return digits(text.substr(2), 2);
    if (text.size() > 1 && text.starts_with('0')) return digits(text, 8);
    return digits(text, 10);
}

std::optional<std::uint64_t> parse_boolean(std::string_view text) {
    for (const std::string_view word : {"true", "True", "TRUE"})
        if (text == word) return 1;
    for (const std::string_view word : {"false", "False", "FALSE"})
        if (text == word) return 0;
    return std::nullopt;
}

std::optional<Prefix> parse_address(std::string_view text) {
    if (const auto mac = parse_any_mac(text)) return Prefix{*mac, kMacBytes * 8};
    const std::size_t slash = text.find('/');
    const auto address = base::parse_ip(text.substr(0, slash));
    if (!address) return std::nullopt;
    Prefix prefix{*address, address->size * 8};
    if (slash == text.npos) return prefix;
    const auto bits = digits(text.substr(slash + 1), 10);
    if (!bits || *bits > static_cast<unsigned>(prefix.bits)) return std::nullopt;
    prefix.bits = static_cast<int>(*bits);
    clear_behind(prefix.address, prefix.bits);
    return prefix;
}

}  // namespace packetsentry::query
