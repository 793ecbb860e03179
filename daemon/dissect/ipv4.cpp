#include "daemon/dissect/ipv4.h"

#include "daemon/dissect/fragment.h"
#include "daemon/dissect/ip_protocol.h"
#include "daemon/dissect/option_list.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kIpv4{.word = "IPv4", .detail = kDetailOnly};

constexpr std::size_t kFixedSize = 20;

struct Header {
    unsigned version = 0;
    std::size_t size = 0;
    std::size_t total_length = 0;
    Fragment fragment;
    std::uint8_t protocol = 0;
};

// Up to the addresses.
Header read_fixed(Cursor& bytes) {
    Header header;
    const std::uint8_t version_and_size = bytes.u8();
    header.version = version_and_size >> 4;
    header.size = (version_and_size & 0x0FU) * 4U;
    bytes.skip(1);
    header.total_length = bytes.u16();
    header.fragment.id = bytes.u16();
    const std::uint16_t fragment = bytes.u16();
    header.fragment.offset = (fragment & 0x1FFFU) * 8U;
    header.fragment.more = (fragment & 0x2000U) != 0;
    bytes.skip(1);
    header.protocol = bytes.u8();
    bytes.skip(2);
    return header;
}

// To what the total length leaves. 0: the sender's card was to fill it in (segmentation offload).
void narrow_to_payload(Cursor& bytes, const Header& header, Walk& walk) {
    if (header.total_length == 0) return;
    walk.out.malformed |= header.total_length < header.size;
    walk.narrow(bytes, header.total_length < header.size ? 0 : header.total_length - header.size);
}

}  // namespace

Layer dissect_ipv4(Cursor& bytes, Walk& walk) {
    const Header header = read_fixed(bytes);
    const auto source = bytes.take<4>();
    const auto destination = bytes.take<4>();
    walk.check(bytes);
    walk.understood(kIpv4);
    if (bytes.failed() || header.version != 4 || header.size < kFixedSize) {
        walk.out.malformed |= !bytes.failed();
        walk.enter_broken_network(Network::ipv4);
        return {};
    }
    walk.enter_network(Network::ipv4, source, destination, header.protocol);
    if (header.size > kFixedSize) check_option_list(bytes.sub(header.size - kFixedSize), walk);
    walk.check(bytes);
    narrow_to_payload(bytes, header, walk);
    if (header.fragment.offset != 0) {
        describe_fragment(header.fragment, bytes.remaining_on_wire(), header.protocol, walk);
        return {};
    }
    if (header.fragment.more) bytes.mark_cut();
    return by_ip_protocol(header.protocol, walk);
}

}  // namespace packetsentry::dissect
