#include "daemon/dissect/ipv4.h"

#include "daemon/dissect/fragment.h"
#include "daemon/dissect/internet_checksum.h"
#include "daemon/dissect/ip_protocol.h"
#include "daemon/dissect/option_list.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kIpv4{.word = "IPv4", .detail = kDetailOnly};

constexpr std::size_t kIpv4FixedSize = 20;

struct Ipv4Header {
    unsigned version;
    std::size_t size;
    std::size_t total_length;
    Fragment fragment;
    std::uint16_t fragment_field;
    std::uint8_t protocol;
};

Ipv4Header read_fixed(const FixedHeader<kIpv4FixedSize>& bytes) {
    return {.version = unsigned{bytes.u8<0>()} >> 4,
            .size = (bytes.u8<0>() & 0x0FU) * 4U,
            .total_length = bytes.u16<2>(),
            .fragment = {.id = bytes.u16<4>(),
                         .offset = (bytes.u16<6>() & 0x1FFFU) * 8U,
                         .more = (bytes.u16<6>() & 0x2000U) != 0},
            .fragment_field = bytes.u16<6>(),
            .protocol = bytes.u8<9>()};
}

bool has_right_checksum(const Cursor& bytes, const Ipv4Header& header) {
    return bytes.has(header.size) && internet_sum(bytes.left().first(header.size)) == kRightSum;
}

// A total length of 0 is no contradiction: the sender's card was to fill it in (segmentation offload).
bool contradicts_itself(const Ipv4Header& header) {
    return header.total_length != 0 && header.total_length < header.size;
}

// The link layer names the outermost header, and its checksum may have been left to the sender's network
// card. A router or a host's own software has sent a header that is inside of another, and has computed its
// checksum; payload that only looks like such a header has no right one.
bool may_be_kept(const Cursor& bytes, const Ipv4Header& header, const Walk& walk) {
    return !contradicts_itself(header) && (walk.networks() == 0 || has_right_checksum(bytes, header));
}

// What the total length leaves is the payload.
void narrow_to_payload(Cursor& bytes, const Ipv4Header& header, Walk& walk) {
    if (header.total_length != 0) walk.narrow(bytes, header.total_length - header.size);
}

Cursor take_options(Cursor& bytes, const Ipv4Header& header, Walk& walk) {
    const Cursor options = bytes.sub(header.size - kIpv4FixedSize);
    walk.note(Layout::Kind::ipv4_options, options.left());
    walk.header_ends(bytes);
    return options;
}

// Without its options the header cannot be summed up anew.
void note_checksum(const Cursor& bytes, const FixedHeader<kIpv4FixedSize>& fixed, const Ipv4Header& header,
                   Walk& walk) {
    if (bytes.failed())
        walk.note(Layout::Kind::checksum, fixed.take<10, 2>());
    else
        walk.note(Layout::Kind::ipv4_header, {fixed.take<0, kIpv4FixedSize>().data(), header.size});
}

}  // namespace

bool is_ipv4(const Cursor& bytes) {
    Cursor ahead = bytes;
    const Ipv4Header header = read_fixed(ahead.header<kIpv4FixedSize>());
    return !ahead.failed() && header.version == 4 && header.size >= kIpv4FixedSize &&
           header.total_length >= header.size && bytes.fits(header.total_length) &&
           has_right_checksum(bytes, header);
}

Layer dissect_ipv4(Cursor& bytes, Walk& walk) {
    const Cursor whole = bytes;
    const auto fixed = bytes.header<kIpv4FixedSize>();
    const Ipv4Header header = read_fixed(fixed);
    walk.check(bytes);
    walk.understood(kIpv4, LayerName::ip);
    if (bytes.failed() || header.version != 4 || header.size < kIpv4FixedSize) {
        walk.out.malformed |= !bytes.failed();
        walk.enter_broken_network(Network::ipv4);
        return {};
    }
    if (!may_be_kept(whole, header, walk)) walk.stop_keeping();
    walk.enter_network(Network::ipv4, fixed.take<12, 4>(), fixed.take<16, 4>(), header.protocol);
    walk.enter_ip(fixed.u8<8>(), fixed.u8<1>(), fixed.u16<4>(), header.fragment_field);
    walk.header_ends(bytes);
    if (header.size > kIpv4FixedSize) check_option_list(take_options(bytes, header, walk), walk);
    walk.check(bytes);
    note_checksum(bytes, fixed, header, walk);
    if (contradicts_itself(header)) {
        walk.out.malformed = true;
        return {};
    }
    narrow_to_payload(bytes, header, walk);
    const std::size_t total =
        header.total_length != 0 ? header.total_length : header.size + bytes.remaining_on_wire();
    walk.enter_ip_payload(total, total - header.size);
    if (header.fragment.offset != 0) {
        describe_fragment(header.fragment, bytes.remaining_on_wire(), header.protocol, walk);
        return {};
    }
    if (header.fragment.more) bytes.mark_cut();
    return by_ip_protocol(header.protocol, walk);
}

}  // namespace packetsentry::dissect
