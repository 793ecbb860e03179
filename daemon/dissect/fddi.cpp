#include "daemon/dissect/fddi.h"

#include "daemon/dissect/llc.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kFddi{.word = "FDDI", .detail = kDetailOnly};

// The bits of the frame control without the first, which tells synchronous frames, and the last four.
constexpr std::uint8_t kKind = 0x70, kKindLlc = 0x50;

}  // namespace

Layer dissect_fddi(Cursor& bytes, Walk& walk) {
    const auto header = bytes.header<13>();
    walk.check(bytes);
    walk.understood(kFddi, LayerName::fddi);
    if (bytes.failed()) return {};
    walk.enter_link(header.take<7, 6>(), header.take<1, 6>());
    walk.header_ends(bytes);
    if ((header.u8<0>() & kKind) == kKindLlc) return {dissect_llc};
    walk.detail("frame control ", Hex{header.u8<0>()});
    return {};
}

}  // namespace packetsentry::dissect
