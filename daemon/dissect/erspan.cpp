#include "daemon/dissect/erspan.h"

#include "daemon/dissect/ethernet.h"
#include "daemon/dissect/raw_ip.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kErspan{.word = "ERSPAN", .detail = kDetailOnly};

constexpr std::size_t kType2Size = 8, kPlatformSize = 8;
constexpr unsigned kVersionOfType2 = 1, kVersionOfType3 = 2;
constexpr std::uint8_t kTruncated = 0x04;  // in the third byte of either type

// Type III tells what kind of frame it carries.
constexpr unsigned kFrameTypeShift = 10;
constexpr std::uint16_t kFrameType = 0x7C00, kFrameOfIp = 0x0800, kFrameOfEthernet = 0;
constexpr std::uint16_t kPlatformThere = 0x0001;

// Behind version, VLAN, class, encapsulation, truncation and session there are twelve reserved bits and the
// index of a port.
bool is_type2(const Cursor& bytes) {
    return bytes.has(kType2Size) && bytes.peek(0) >> 4 == kVersionOfType2 && bytes.peek(4) == 0 &&
           bytes.peek(5) >> 4 == 0;
}

Layer enter_frame(Cursor& bytes, LayerDissector frame, Walk& walk) {
    walk.check(bytes);
    walk.header_ends(bytes);
    if (!walk.enter_tunnel("erspan")) return {};
    return {frame};
}

}  // namespace

// Type I is told from type II by having no sequence number. The others also tell whether the switch has cut
// the frame that it mirrors.
Layer enter_erspan(Cursor& bytes, bool sequenced, Walk& walk) {
    walk.enter(LayerName::erspan);
    if (sequenced) {
        const bool type2 = is_type2(bytes);
        const bool truncated = (bytes.peek(2) & kTruncated) != 0;
        if (!type2) walk.stop_keeping();
        bytes.skip(kType2Size);
        if (type2 && truncated) bytes.mark_cut();
    }
    return enter_frame(bytes, dissect_ethernet, walk);
}

Layer dissect_erspan_type3(Cursor& bytes, Walk& walk) {
    walk.enter(LayerName::erspan);
    const std::uint8_t version = bytes.peek(0) >> 4;
    const bool truncated = (bytes.peek(2) & kTruncated) != 0;
    bytes.skip(4);
    walk.note(Layout::Kind::opaque, bytes.take(4));  // the time, of a clock of the switch's own
    bytes.skip(2);
    const std::uint16_t flags = bytes.u16();
    if ((flags & kPlatformThere) != 0) walk.note(Layout::Kind::opaque, bytes.take(kPlatformSize));
    const std::uint16_t frame = flags & kFrameType;
    const bool is_known = frame == kFrameOfEthernet || frame == kFrameOfIp;
    if (version != kVersionOfType3 || !is_known) walk.stop_keeping();
    if (!is_known) {
        walk.check(bytes);
        walk.understood(kErspan);
        walk.detail("frame type ", std::uint64_t{frame} >> kFrameTypeShift);
        return {};
    }
    if (truncated && !bytes.failed()) bytes.mark_cut();
    return enter_frame(bytes, frame == kFrameOfIp ? dissect_raw_ip : dissect_ethernet, walk);
}

}  // namespace packetsentry::dissect
