#include "daemon/dissect/l2tp.h"

#include <initializer_list>

#include "daemon/dissect/ethernet.h"
#include "daemon/dissect/ipv4.h"
#include "daemon/dissect/ipv6.h"
#include "daemon/dissect/number_word.h"
#include "daemon/dissect/ppp.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kSession = field("packetsentry.l2tp.session");
constexpr Protocol kL2tp{.word = "L2TP", .detail = kDetailOnly};

constexpr std::uint16_t kControl = 0x8000, kLength = 0x4000, kSequence = 0x0800, kOffset = 0x0200;
constexpr std::uint16_t kReserved = 0x34F0, kL2tpVersion = 0x000F;
constexpr std::uint16_t kControl2 = kControl | kLength | kSequence | 2,
                        kControl3 = kControl | kLength | kSequence | 3;
constexpr std::uint16_t kData3 = 3;

constexpr std::array kMessages{
    NumberWord{1, "SCCRQ"}, NumberWord{2, "SCCRP"}, NumberWord{3, "SCCCN"}, NumberWord{4, "StopCCN"},
    NumberWord{6, "Hello"}, NumberWord{7, "OCRQ"},  NumberWord{8, "OCRP"},  NumberWord{9, "OCCN"},
    NumberWord{10, "ICRQ"}, NumberWord{11, "ICRP"}, NumberWord{12, "ICCN"}, NumberWord{14, "CDN"},
    NumberWord{15, "WEN"},  NumberWord{16, "SLI"},  NumberWord{20, "ACK"},
};

// The first attribute of a control message is its type: six bytes that say so, then the number. A message
// without any only acknowledges.
Layer dissect_control(Cursor& bytes, Walk& walk) {
    bytes.skip(12);  // flags, length, the connection, and two sequence numbers
    walk.check(bytes);
    walk.header_ends(bytes);
    if (bytes.failed()) return {};
    if (bytes.empty()) {
        walk.detail("Acknowledgement");
        return {};
    }
    bytes.skip(6);
    const std::string_view word = word_of(kMessages, bytes.u16());
    walk.check(bytes);
    if (!bytes.failed()) walk.detail(word.empty() ? "Control message" : word);
    return {};
}

// Whatever is sent to the port may look like such a header, so only an IP header behind PPP's proves it.
bool carries_ip(const Cursor& bytes) {
    Cursor inside = bytes;
    if (inside.peek(0) == 0xFF && inside.peek(1) == 0x03) inside.skip(2);
    const std::uint16_t protocol = (inside.peek() & 1) != 0 ? inside.u8() : inside.u16();
    return (protocol == 0x0021 && is_ipv4(inside)) || (protocol == 0x0057 && is_ipv6(inside));
}

Layer dissect_data2(Cursor& bytes, Walk& walk) {
    const std::uint16_t flags = bytes.u16();
    if ((flags & kLength) != 0) bytes.skip(2);
    bytes.skip(2);
    const std::uint16_t session = bytes.u16();
    if ((flags & kSequence) != 0) bytes.skip(4);
    if ((flags & kOffset) != 0) walk.note(Layout::Kind::opaque, bytes.take(bytes.u16()));
    walk.check(bytes);
    if (bytes.failed()) return {};
    // Whoever sends to this port may put anything there, so what it carries must vouch for it.
    if (!carries_ip(bytes)) walk.stop_keeping();
    walk.header_ends(bytes);
    walk.out.add(kSession, session);
    if (bytes.empty() || !walk.enter_tunnel("l2tp")) return {};
    return {dissect_ppp};
}

// Where the frame begins behind the session, if a header there has a check that holds. Linux' default comes
// first: no cookie, and the sublayer.
struct Frame {
    std::size_t offset = 0;
    LayerDissector dissect = nullptr;
};
Frame find_frame(const Cursor& bytes) {
    for (const std::size_t offset : {4U, 0U, 8U, 12U}) {
        Cursor inside = bytes;
        inside.skip(offset);
        if (is_ethernet(inside)) return {offset, dissect_ethernet};
        if (is_ipv4(inside)) return {offset, dissect_ipv4};
        if (is_ipv6(inside)) return {offset, dissect_ipv6};
    }
    return {};
}

// bytes: from the session on.
Layer dissect_data3(Cursor& bytes, Walk& walk) {
    const std::uint32_t session = bytes.u32();
    walk.check(bytes);
    if (bytes.failed()) return {};
    const Frame frame = find_frame(bytes);
    if (frame.dissect == nullptr) walk.stop_keeping();
    walk.header_ends(bytes);
    walk.out.add(kSession, session);
    if (frame.dissect == nullptr) {
        walk.detail("session ", std::uint64_t{session});
        return {};
    }
    if (!walk.enter_tunnel("l2tpv3")) return {};
    walk.note(Layout::Kind::opaque, bytes.take(frame.offset));
    walk.header_ends(bytes);
    return {frame.dissect};
}

}  // namespace

bool is_l2tp(const Cursor& bytes) {
    Cursor header = bytes;
    const std::uint16_t flags = header.u16();
    const std::uint16_t length = header.u16();
    if (!bytes.has(6) || (flags & kReserved) != 0) return false;
    if (flags == kData3) return length == 0 && bytes.has(8);
    if (flags == kControl3 || (flags & kL2tpVersion) == 2)
        return (flags & kControl) == 0 ? (flags & kLength) == 0 || length <= bytes.remaining_on_wire()
                                       : (flags == kControl2 || flags == kControl3) && bytes.fits(length);
    return false;
}

Layer dissect_l2tp_over_udp(Cursor& bytes, Walk& walk) {
    walk.understood(kL2tp, LayerName::l2tp);
    const std::uint16_t flags = Cursor(bytes).u16();
    if ((flags & kControl) != 0) return dissect_control(bytes, walk);
    if ((flags & kL2tpVersion) == 2) return dissect_data2(bytes, walk);
    bytes.skip(4);
    return dissect_data3(bytes, walk);
}

Layer dissect_l2tp_over_ip(Cursor& bytes, Walk& walk) {
    walk.understood(kL2tp, LayerName::l2tp);
    if (Cursor(bytes).u32() != 0 || !bytes.has(4)) return dissect_data3(bytes, walk);
    bytes.skip(4);
    return dissect_control(bytes, walk);
}

}  // namespace packetsentry::dissect
