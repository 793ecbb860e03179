#include "daemon/dissect/igmp.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kIgmp{.word = "IGMP", .detail = kDetailOnly};

std::string_view igmp_type_text(std::uint8_t type) {
    switch (type) {
        case 0x11:
            return "Membership query";
        case 0x12:
            return "Membership report v1";
        case 0x16:
            return "Membership report v2";
        case 0x17:
            return "Leave group";
        case 0x22:
            return "Membership report v3";
        default:
            return {};
    }
}

constexpr std::uint8_t kReportV3 = 0x22;  // has a count in place of the group

}  // namespace

Layer dissect_igmp(Cursor& bytes, Walk& walk) {
    const std::uint8_t type = bytes.u8();
    bytes.skip(1);
    const auto checksum = bytes.take<2>();
    const Cursor after_checksum = bytes;
    const auto group = bytes.take<4>();
    walk.check(bytes);
    walk.understood(kIgmp, LayerName::igmp);
    if (bytes.failed()) return {};
    walk.note(Layout::Kind::checksum, checksum);
    walk.header_ends(after_checksum);
    const std::string_view text = igmp_type_text(type);
    if (text.empty()) {
        walk.detail("type ", Hex{type});
        return {};
    }
    if (type == kReportV3) {
        walk.note(Layout::Kind::opaque, group.first<2>());  // reserved, RFC 3376 section 4.2
        walk.detail(text);
    } else {
        walk.note(Layout::Kind::ipv4, group);
        walk.detail(text, " ", base::Address::from(group));
    }
    walk.payload_begins(bytes);
    return {};
}

}  // namespace packetsentry::dissect
