#include "daemon/dissect/geneve.h"

#include "daemon/dissect/ethertype.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kNetworkId = field("packetsentry.geneve.id");
constexpr std::array kGeneveDetail{&kNetworkId, &kDetail};
constexpr Protocol kGeneve{.word = "Geneve", .detail = kGeneveDetail};

constexpr std::size_t kGeneveHeaderSize = 8;
constexpr std::uint8_t kOptionWords = 0x3F, kReserved = 0x3F;
constexpr std::uint16_t kFirstType = 0x0600;

}  // namespace

bool is_geneve(const Cursor& bytes) {
    Cursor header = bytes;
    const std::uint8_t first = header.u8();
    const std::uint8_t flags = header.u8();
    const std::uint16_t type = header.u16();
    const std::size_t options = (first & kOptionWords) * std::size_t{4};
    return bytes.has(kGeneveHeaderSize) && (first & ~kOptionWords) == 0 && (flags & kReserved) == 0 &&
           bytes.peek(kGeneveHeaderSize - 1) == 0 && bytes.fits(kGeneveHeaderSize + options) &&
           type >= kFirstType;
}

Layer dissect_geneve(Cursor& bytes, Walk& walk) {
    const std::size_t options = (bytes.u8() & kOptionWords) * std::size_t{4};
    bytes.skip(1);
    const std::uint16_t type = bytes.u16();
    // Where nobody knows the type, too little proves that this is a header, and no text that somebody sent to
    // the port.
    if (!is_known_ethertype(type)) walk.stop_keeping();
    const std::uint32_t network_id = bytes.u24();
    bytes.skip(1);
    walk.note(Layout::Kind::opaque, bytes.take(options));
    walk.check(bytes);
    walk.understood(kGeneve, LayerName::geneve);
    if (bytes.failed()) return {};
    walk.header_ends(bytes);
    walk.out.add(kNetworkId, network_id);
    if (!walk.enter_tunnel("geneve")) return {};
    return by_checked_ethertype(type, bytes, walk);
}

}  // namespace packetsentry::dissect
