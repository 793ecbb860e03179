#include "daemon/spool/format/community_id.h"

#include <cstdint>

namespace packetsentry::spool {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kVersionOne = "1:";
constexpr std::size_t kTextSize = kVersionOne.size() + 28;  // 27 digits of six bits, and a '='

}  // namespace

std::optional<std::array<char, kCommunityIdBytes>> community_id_bytes(std::string_view text) {
    if (text.size() != kTextSize || !text.starts_with(kVersionOne) || !text.ends_with('='))
        return std::nullopt;
    std::array<char, kCommunityIdBytes> bytes{};
    std::size_t count = 0;
    std::uint32_t bits = 0;
    int waiting = 0;
    for (const char digit : text.substr(kVersionOne.size(), 27)) {
        const std::size_t value = kBase64.find(digit);
        if (value == std::string_view::npos) return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        waiting += 6;
        if (waiting < 8) continue;
        waiting -= 8;
        bytes.at(count++) = static_cast<char>(bits >> waiting & 0xFF);
    }
    return bytes;
}

}  // namespace packetsentry::spool
