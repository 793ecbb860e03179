#include "daemon/flows/usual_frame.h"

#include <netinet/in.h>

#include "daemon/dissect/cursor.h"

namespace packetsentry::flows {
namespace {

using dissect::Cursor;

constexpr std::uint32_t kEthernet = 1, kRawIp = 101;  // LINKTYPE_*
constexpr std::uint16_t kVlanTag = 0x8100;            // IEEE 802.1Q
constexpr std::size_t kMacAddresses = 12, kVlanNumber = 2;

void skip_link_layer(Cursor& bytes, std::uint32_t link_type) {
    if (link_type == kRawIp) return;
    bytes.skip(kMacAddresses);
    if (bytes.u16() != kVlanTag) return;
    bytes.skip(kVlanNumber + sizeof(std::uint16_t));  // and the type of what the tag belongs to
}

template <std::size_t Size>
void read_addresses(Cursor& bytes, FlowTuple& tuple) {
    tuple.source.address = base::Address::from(bytes.take<Size>());
    tuple.destination.address = base::Address::from(bytes.take<Size>());
}

void read_ipv4(Cursor& bytes, FlowTuple& tuple) {
    constexpr std::size_t kBeforeProtocol = 9, kChecksum = 2, kFixed = 20;
    const std::size_t size = (bytes.peek() & 0x0FU) * std::size_t{4};
    bytes.skip(kBeforeProtocol);
    tuple.ip_protocol = bytes.u8();
    bytes.skip(kChecksum);
    read_addresses<4>(bytes, tuple);
    if (size > kFixed) bytes.skip(size - kFixed);
}

void read_ipv6(Cursor& bytes, FlowTuple& tuple) {
    constexpr std::size_t kBeforeProtocol = 6, kHopLimit = 1;
    bytes.skip(kBeforeProtocol);
    tuple.ip_protocol = bytes.u8();
    bytes.skip(kHopLimit);
    read_addresses<16>(bytes, tuple);
}

}  // namespace

std::optional<FlowKey> key_of_usual_frame(std::span<const std::byte> frame, std::uint32_t link_type) {
    if (link_type != kEthernet && link_type != kRawIp) return std::nullopt;
    Cursor bytes(frame);
    skip_link_layer(bytes, link_type);
    FlowTuple tuple;
    switch (bytes.peek() >> 4) {  // the IP version
        case 4:
            read_ipv4(bytes, tuple);
            break;
        case 6:
            read_ipv6(bytes, tuple);
            break;
        default:
            return std::nullopt;
    }
    if (tuple.ip_protocol != IPPROTO_TCP && tuple.ip_protocol != IPPROTO_UDP) return std::nullopt;
    tuple.source.port = bytes.u16();
    tuple.destination.port = bytes.u16();
    if (bytes.failed()) return std::nullopt;
    return FlowKey(tuple);
}

}  // namespace packetsentry::flows
