#include "daemon/dissect/mpls.h"

#include "daemon/dissect/ethernet.h"
#include "daemon/dissect/ipv4.h"
#include "daemon/dissect/ipv6.h"

namespace packetsentry::dissect {
namespace {

constexpr FieldName kLabel{"packetsentry.mpls.label", FieldKind::number, true};
constexpr std::array kMplsDetail{&kLabel};
constexpr Protocol kMpls{.word = "MPLS", .detail = kMplsDetail};

constexpr std::size_t kLabelLimit = 16;

// false: the stack does not end.
bool read_stack(Cursor& bytes, Walk& walk) {
    for (std::size_t i = 0; i < kLabelLimit; ++i) {
        const std::uint32_t entry = bytes.u32();
        if (bytes.failed()) return false;
        walk.out.add(kLabel, entry >> 12);
        if ((entry & 0x100U) != 0) return true;
    }
    return false;
}

}  // namespace

Layer dissect_mpls(Cursor& bytes, Walk& walk) {
    walk.understood(kMpls);
    const bool whole = read_stack(bytes, walk);
    if (whole && bytes.empty()) bytes.skip(1);
    walk.check(bytes);
    if (!whole) return {};
    walk.header_ends(bytes);
    switch (bytes.peek() >> 4) {
        case 0:
            bytes.skip(4);
            walk.check(bytes);
            walk.header_ends(bytes);
            return {dissect_ethernet};
        case 4:
            return {dissect_ipv4};
        case 6:
            return {dissect_ipv6};
        default:
            return {};
    }
}

}  // namespace packetsentry::dissect
