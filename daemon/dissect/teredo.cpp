#include "daemon/dissect/teredo.h"

#include "daemon/dissect/ipv6.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kTeredo{.word = "Teredo", .shows_ports = true, .detail = kDetailOnly};

constexpr std::uint16_t kServerPort = 3544;
constexpr std::uint16_t kOrigin = 0x0000, kAuthentication = 0x0001;  // section 5.1.1
constexpr std::size_t kOriginSize = 6;                               // a port and an address
constexpr std::size_t kNonceAndConfirmation = 9;
constexpr std::size_t kIpv6Header = 40;
constexpr std::uint32_t kPrefix = 0x20010000;  // section 2.6
constexpr std::uint16_t kLinkLocal = 0xFE80;   // of who asks a server for its address, and of the answer

bool begins_with_ipv6(const Cursor& bytes) {
    return bytes.peek() >> 4 == 6;
}

void skip_indications(Cursor& bytes) {
    if (!begins_with_ipv6(bytes) && Cursor(bytes).u16() == kAuthentication) {
        bytes.skip(2);
        const std::size_t identifier = bytes.u8();
        const std::size_t value = bytes.u8();
        bytes.skip(identifier + value + kNonceAndConfirmation);
    }
    if (!begins_with_ipv6(bytes) && Cursor(bytes).u16() == kOrigin) bytes.skip(2 + kOriginSize);
}

struct Addresses {
    bool has_prefix = false;
    bool is_link_local = false;
};

Addresses addresses_of(Cursor header) {
    header.skip(8);
    Cursor source = header.sub(16), destination = header.sub(16);
    const std::uint32_t from = source.u32();
    return {.has_prefix = from == kPrefix || destination.u32() == kPrefix,
            .is_link_local = from >> 16 == kLinkLocal};
}

}  // namespace

bool is_teredo(const Cursor& bytes, std::uint16_t source_port, std::uint16_t destination_port) {
    const bool server = source_port == kServerPort || destination_port == kServerPort;
    if (!server && !begins_with_ipv6(bytes)) return false;
    Cursor packet = bytes;
    skip_indications(packet);
    if (packet.failed() || !begins_with_ipv6(packet) || !packet.has(kIpv6Header)) return false;
    Cursor length = packet;
    length.skip(4);
    const std::size_t size = kIpv6Header + length.u16();
    const Addresses addresses = addresses_of(packet);
    if (server) return packet.fits(size) && (addresses.has_prefix || addresses.is_link_local);
    return packet.remaining_on_wire() == size && addresses.has_prefix;
}

Layer dissect_teredo(Cursor& bytes, Walk& walk) {
    walk.stop_keeping();
    skip_indications(bytes);
    walk.check(bytes);
    walk.understood(kTeredo, LayerName::teredo);
    if (bytes.failed() || !walk.enter_tunnel("teredo")) return {};
    return {dissect_ipv6};
}

}  // namespace packetsentry::dissect
