#include "daemon/dissect/stp.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kStp{.word = "STP", .detail = kDetailOnly};

std::string_view type_text(std::uint8_t version, std::uint8_t type) {
    if (type == 0x80) return "Topology change";
    if (type == 0x00) return "Configuration";
    if (type != 0x02) return "Unknown type";
    return version >= 3 ? "Multiple" : "Rapid";
}

}  // namespace

Layer dissect_stp(Cursor& bytes, Walk& walk) {
    bytes.skip(2);
    const std::uint8_t version = bytes.u8();
    const std::uint8_t type = bytes.u8();
    walk.check(bytes);
    walk.header_ends(bytes);
    walk.understood(kStp);
    if (!bytes.failed()) walk.detail(type_text(version, type));
    return {};
}

}  // namespace packetsentry::dissect
