#include "daemon/dissect/frame_relay.h"

#include <algorithm>

#include "daemon/dissect/ethertype.h"
#include "daemon/dissect/ipv4.h"
#include "daemon/dissect/ipv6.h"
#include "daemon/dissect/llc.h"
#include "daemon/dissect/ppp.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kFrameRelay{.word = "Frame relay", .detail = kDetailOnly};

constexpr std::uint8_t kUnnumberedInformation = 0x03;
constexpr std::uint8_t kLastOfAddress = 0x01;
constexpr std::size_t kAddressLimit = 4;

// ISO/IEC TR 9577, and RFC 2427 appendix A.
struct NetworkProtocol {
    std::uint8_t number;
    LayerDissector dissect;
    Protocol protocol = {};
};
constexpr std::array kNetworkProtocols{
    NetworkProtocol{0xCC, dissect_ipv4},
    NetworkProtocol{0x8E, dissect_ipv6},
    NetworkProtocol{0x80, dissect_snap},
    NetworkProtocol{0xCF, dissect_ppp},
    NetworkProtocol{0x08, nullptr, {.word = "Q.933", .layers = "q933"}},
    NetworkProtocol{0x09, nullptr, {.word = "LMI", .layers = "lmi"}},
    NetworkProtocol{0x81, nullptr, {.word = "ISO", .layers = "osi"}},  // CLNP, ES-IS, IS-IS
    NetworkProtocol{0x82, nullptr, {.word = "ISO", .layers = "osi"}},
    NetworkProtocol{0x83, nullptr, {.word = "ISO", .layers = "osi"}},
};

// The number of the connection has six bits in the first byte, four in the second, and seven in each further
// one but for the last, which may have six.
std::uint32_t read_connection(Cursor& bytes) {
    std::uint32_t connection = 0;
    for (std::size_t i = 0; i < kAddressLimit; ++i) {
        const std::uint32_t byte = bytes.u8();
        connection = i == 0   ? byte >> 2U
                     : i == 1 ? connection << 4 | byte >> 4U
                              : connection << 7 | byte >> 1U;
        if ((byte & kLastOfAddress) == 0) continue;
        if (i == 0) bytes.fail();
        return connection;
    }
    bytes.fail();
    return 0;
}

Layer by_network_protocol(std::uint8_t number, std::uint32_t connection, Walk& walk) {
    const auto* const row = std::ranges::find(kNetworkProtocols, number, &NetworkProtocol::number);
    if (row == kNetworkProtocols.end()) {
        walk.detail("connection ", std::uint64_t{connection}, " protocol ", Hex{number});
        return {};
    }
    return by_row(row->dissect, row->protocol, walk);
}

}  // namespace

Layer dissect_frame_relay(Cursor& bytes, Walk& walk) {
    const std::uint32_t connection = read_connection(bytes);
    walk.understood(kFrameRelay, LayerName::frame_relay);
    if (bytes.peek(0) != kUnnumberedInformation) {
        const std::uint16_t type = bytes.u16();
        walk.check(bytes);
        walk.header_ends(bytes);
        if (bytes.failed()) return {};
        if (is_known_ethertype(type)) return by_ethertype(type, walk);
        walk.detail("connection ", std::uint64_t{connection}, " type ", Hex{type});
        return {};
    }
    bytes.skip(1);
    if (bytes.peek() == 0) bytes.skip(1);
    const std::uint8_t protocol = bytes.u8();
    walk.check(bytes);
    walk.header_ends(bytes);
    if (bytes.failed()) return {};
    return by_network_protocol(protocol, connection, walk);
}

}  // namespace packetsentry::dissect
