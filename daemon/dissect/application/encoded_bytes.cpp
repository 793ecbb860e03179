#include "daemon/dissect/application/encoded_bytes.h"

#include <algorithm>

namespace packetsentry::dissect {
namespace {

void put_digits(std::span<const std::byte> bytes, std::string_view digits, Dissection& out) {
    for (const std::byte byte : bytes) {
        out.put(digits[std::to_integer<unsigned>(byte) >> 4]);
        out.put(digits[std::to_integer<unsigned>(byte) & 0xF]);
    }
}

}  // namespace

void put_hex_bytes(std::span<const std::byte> bytes, Dissection& out) {
    put_digits(bytes, "0123456789abcdef", out);
}

void put_upper_hex_bytes(std::span<const std::byte> bytes, Dissection& out) {
    put_digits(bytes, "0123456789ABCDEF", out);
}

void put_base64(std::span<const std::byte> bytes, Dissection& out) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t there = std::min<std::size_t>(3, bytes.size() - at);
        unsigned three = 0;
        for (std::size_t i = 0; i < 3; ++i)
            three = three << 8 | (i < there ? std::to_integer<unsigned>(bytes[at + i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i) out.put(i <= there ? kDigits[three >> (18 - 6 * i) & 0x3F] : '=');
    }
}

}  // namespace packetsentry::dissect
