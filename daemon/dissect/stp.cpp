#include "daemon/dissect/stp.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kStp{.word = "STP", .detail = kDetailOnly};

constexpr std::uint8_t kLastVersion = 4;  // shortest path bridging

// Empty where nobody knows the type.
std::string_view type_text(std::uint8_t version, std::uint8_t type) {
    if (type == 0x80) return "Topology change";
    if (type == 0x00) return "Configuration";
    if (type != 0x02) return {};
    return version >= 3 ? "Multiple" : "Rapid";
}

}  // namespace

Layer dissect_stp(Cursor& bytes, Walk& walk) {
    const std::uint16_t protocol = bytes.u16();
    const std::uint8_t version = bytes.u8();
    const std::uint8_t type = bytes.u8();
    walk.check(bytes);
    if (protocol != 0 || version > kLastVersion || type_text(version, type).empty()) walk.stop_keeping();
    walk.header_ends(bytes);
    walk.understood(kStp);
    const std::string_view text = type_text(version, type);
    if (!bytes.failed()) walk.detail(text.empty() ? "Unknown type" : text);
    return {};
}

}  // namespace packetsentry::dissect
