#include "daemon/dissect/quoted.h"

#include <array>

#include "daemon/dissect/ip_protocol.h"

namespace packetsentry::dissect {
namespace {

struct Transport {
    std::uint8_t number;
    LayerName layer;
};
constexpr std::array kTransports{
    Transport{1, LayerName::icmp},    Transport{6, LayerName::tcp},    Transport{17, LayerName::udp},
    Transport{58, LayerName::icmpv6}, Transport{132, LayerName::sctp},
};

LayerName transport_layer(std::uint8_t protocol) {
    for (const Transport& row : kTransports)
        if (row.number == protocol) return row.layer;
    return LayerName::none;
}

bool has_ports(std::uint8_t protocol) {
    return protocol == 6 || protocol == 17 || protocol == 132;
}

Quoted finish(LayerName network, std::span<const std::byte> destination, std::uint8_t protocol,
              Cursor& bytes) {
    if (bytes.failed()) return {};
    Quoted quoted{.destination = base::Address::from(destination),
                  .protocol = ip_protocol_word(protocol),
                  .network = network,
                  .transport = transport_layer(protocol)};
    if (!has_ports(protocol)) return quoted;
    bytes.skip(2);
    quoted.port = bytes.u16();
    return quoted;
}

}  // namespace

Quoted read_quoted_ipv4(Cursor bytes) {
    const std::uint8_t version_and_size = bytes.u8();
    const std::size_t size = (version_and_size & 0x0FU) * 4U;
    bytes.skip(8);
    const std::uint8_t protocol = bytes.u8();
    bytes.skip(6);
    const auto destination = bytes.take(4);
    if (version_and_size >> 4 != 4 || size < 20) return {};
    bytes.skip(size - 20);
    return finish(LayerName::ip, destination, protocol, bytes);
}

Quoted read_quoted_ipv6(Cursor bytes) {
    const bool is_ipv6 = bytes.peek() >> 4 == 6;
    bytes.skip(6);
    const std::uint8_t protocol = bytes.u8();
    bytes.skip(17);
    const auto destination = bytes.take(16);
    return is_ipv6 ? finish(LayerName::ipv6, destination, protocol, bytes) : Quoted();
}

}  // namespace packetsentry::dissect
