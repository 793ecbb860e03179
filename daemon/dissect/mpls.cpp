#include "daemon/dissect/mpls.h"

#include <optional>

#include "daemon/dissect/ethernet.h"
#include "daemon/dissect/ipv4.h"
#include "daemon/dissect/ipv6.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kLabel = field("packetsentry.mpls.label");
constexpr std::array kMplsDetail{&kLabel};
constexpr Protocol kMpls{.word = "MPLS", .detail = kMplsDetail};

constexpr std::size_t kLabelLimit = 16;
constexpr std::size_t kControlWordSize = 4;
constexpr std::uint32_t kIpv6ExplicitNull = 2;

// The label at the bottom; none where the stack does not end.
std::optional<std::uint32_t> read_stack(Cursor& bytes, Walk& walk) {
    for (std::size_t i = 0; i < kLabelLimit; ++i) {
        const std::uint32_t entry = bytes.u32();
        if (bytes.failed()) return {};
        walk.out.add(kLabel, entry >> 12);
        if ((entry & 0x100U) != 0) return entry >> 12;
    }
    walk.out.incomplete = true;
    return {};
}

// An IPv6 header has no checksum of its own, and a pseudowire's frame to the right MAC address looks like it.
// So the label must name it (RFC 3032 section 2.1), or the checksum of what it carries must be right.
bool is_surely_ipv6(std::uint32_t label, const Cursor& bytes, const Walk& walk) {
    if (!is_ipv6(bytes)) return false;
    if (label == kIpv6ExplicitNull) return true;
    return !may_be_ethernet(bytes) && (!walk.is_keeping() || carries_right_checksum(bytes));
}

// The control word of an Ethernet pseudowire begins with sixteen bits that are zero and ends with a sequence
// number (RFC 4448 section 4.6).
bool is_control_word(const Cursor& bytes) {
    return bytes.peek(0) == 0 && bytes.peek(1) == 0;
}

Layer dissect_without_word(Cursor& bytes, Walk& walk) {
    walk.enter(LayerName::pseudowire_heuristic);
    walk.enter(LayerName::pseudowire_without_word);
    return dissect_ethernet(bytes, walk);
}

Layer dissect_control_word(Cursor& bytes, Walk& walk) {
    walk.enter(LayerName::pseudowire_heuristic);
    walk.enter(LayerName::pseudowire_with_word);
    bytes.skip(kControlWordSize);
    walk.check(bytes);
    walk.header_ends(bytes);
    return {dissect_ethernet};
}

// An Ethernet pseudowire need not have a control word. Then it begins with somebody's MAC address, whose
// first four bits may be any. So a header is vouched for where its own checks hold, and those of no other
// header do.
Layer vouched_for(std::uint32_t label, const Cursor& bytes, const Walk& walk) {
    Cursor behind_word = bytes;
    behind_word.skip(kControlWordSize);
    const bool ethernet = is_ethernet(bytes);
    const bool word = is_control_word(bytes) && is_ethernet(behind_word);
    const bool ipv4 = is_ipv4(bytes);
    const bool ipv6 = is_surely_ipv6(label, bytes, walk);
    if (int{ethernet} + int{word} + int{ipv4} + int{ipv6} != 1) return {};
    return {ethernet ? dissect_without_word
            : word   ? dissect_control_word
            : ipv4   ? dissect_ipv4
                     : dissect_ipv6};
}

// Tells what it probably is, for the line: the first four bits are believed unless an EtherType contradicts
// them.
Layer guessed(const Cursor& bytes) {
    const unsigned bits = bytes.peek() >> 4;
    if (bits == 6 && is_ipv6(bytes)) return {dissect_ipv6};
    Cursor behind_word = bytes;
    behind_word.skip(kControlWordSize);
    if (bits == 0 && (is_control_word(bytes) || behind_word.failed() || may_be_ethernet(behind_word)))
        return {dissect_control_word};
    if (may_be_ethernet(bytes)) return {dissect_without_word};
    if (bits == 4) return {dissect_ipv4};
    if (bits == 6) return {dissect_ipv6};
    return {};
}

}  // namespace

Layer dissect_mpls(Cursor& bytes, Walk& walk) {
    walk.understood(kMpls, LayerName::mpls);
    const std::optional<std::uint32_t> label = read_stack(bytes, walk);
    const bool whole = label.has_value();
    const Layer inside = whole ? vouched_for(*label, bytes, walk) : Layer();
    if (inside.dissect == nullptr && walk.networks() != 0) walk.stop_keeping();
    if (whole) walk.header_ends(bytes);
    if (whole && bytes.empty()) bytes.skip(1);
    walk.check(bytes);
    if (!whole || bytes.failed()) return {};
    if (inside.dissect != nullptr) return inside;
    walk.stop_keeping();
    return guessed(bytes);
}

}  // namespace packetsentry::dissect
