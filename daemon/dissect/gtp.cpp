#include "daemon/dissect/gtp.h"

#include "daemon/dissect/ethernet.h"
#include "daemon/dissect/ipv4.h"
#include "daemon/dissect/ipv6.h"
#include "daemon/dissect/number_word.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kEndpoint = field("packetsentry.gtp.teid");
constexpr Protocol kGtp{.word = "GTP-U", .name = "gtp", .shows_ports = false, .detail = kDetailOnly};

constexpr std::size_t kGtpHeaderSize = 8;
constexpr std::uint8_t kFixedBits = 0xF8, kVersion1 = 0x30;
constexpr std::uint8_t kOptional = 0x07, kExtended = 0x04;
constexpr int kExtensionLimit = 8;

constexpr std::uint8_t kUserPacket = 255;
constexpr std::array kMessages{
    NumberWord{1, "Echo request"},          NumberWord{2, "Echo response"},
    NumberWord{26, "Error indication"},     NumberWord{31, "Supported extension headers"},
    NumberWord{253, "Tunnel status"},       NumberWord{254, "End marker"},
    NumberWord{kUserPacket, "User packet"},
};

// An extension tells its own length in words of four bytes, and in its last byte the type of the next.
void skip_extensions(Cursor& bytes, std::uint8_t type, Walk& walk) {
    for (int i = 0; i < kExtensionLimit && type != 0 && !bytes.failed(); ++i) {
        const std::size_t words = bytes.u8();
        if (words == 0) return bytes.fail();
        walk.note(Layout::Kind::opaque, bytes.take(words * 4 - 2));
        type = bytes.u8();
    }
    if (type != 0) bytes.fail();
}

// No header tells what the user's packet is; the network knows it.
Layer by_looks(const Cursor& bytes, Walk& walk) {
    if (is_ipv4(bytes)) return {dissect_ipv4};
    if (is_ipv6(bytes)) return {dissect_ipv6};
    if (is_ethernet(bytes)) return {dissect_ethernet};
    walk.stop_keeping();
    const unsigned version = bytes.peek() >> 4;
    if (version == 4 || version == 6) return {version == 4 ? dissect_ipv4 : dissect_ipv6};
    return {};
}

}  // namespace

bool is_gtp_user(const Cursor& bytes) {
    Cursor header = bytes;
    const std::uint8_t flags = header.u8();
    const std::uint8_t message = header.u8();
    const std::size_t size = kGtpHeaderSize + header.u16();
    return bytes.has(kGtpHeaderSize) && (flags & kFixedBits) == kVersion1 &&
           !word_of(kMessages, message).empty() &&
           (bytes.remaining_on_wire() == size || (bytes.goes_on() && bytes.fits(size)));
}

Layer dissect_gtp_user(Cursor& bytes, Walk& walk) {
    const std::uint8_t flags = bytes.u8();
    const std::uint8_t message = bytes.u8();
    bytes.skip(2);
    const auto endpoint = bytes.take<4>();
    walk.note(Layout::Kind::identifier, endpoint);
    if ((flags & kOptional) != 0) {
        bytes.skip(3);
        const std::uint8_t next = bytes.u8();
        if ((flags & kExtended) != 0) skip_extensions(bytes, next, walk);
    }
    walk.check(bytes);
    walk.understood(kGtp, LayerName::gtp);
    if (bytes.failed()) return {};
    walk.header_ends(bytes);
    walk.out.add(kEndpoint, Cursor(endpoint).u32());
    if (message != kUserPacket || bytes.empty()) {
        walk.detail(word_of(kMessages, message));
        return {};
    }
    if (!walk.enter_tunnel("gtp")) return {};
    const Layer inside = by_looks(bytes, walk);
    if (inside.dissect == nullptr) walk.detail(word_of(kMessages, message));
    return inside;
}

}  // namespace packetsentry::dissect
