#include "daemon/dissect/application/dns_edns.h"

#include <algorithm>

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kEdnsVersion = field("packetsentry.dns.edns.version");
constexpr const FieldInfo& kDatagramBytes = field("packetsentry.dns.edns.udp_size");
constexpr const FieldInfo& kClientSubnet = field("packetsentry.dns.edns.client_subnet");

constexpr std::uint16_t kClientSubnetOption = 8;

// RFC 7871 section 6: family (2), length of the prefix in bits (1), that of the answer (1), and as many bytes
// of the address as the prefix has.
void tell_client_subnet(Cursor option, Dissection& out) {
    const std::uint16_t family = option.u16();
    const std::uint8_t prefix = option.u8();
    option.skip(1);
    const std::size_t size = family == 1 ? 4 : 16;
    if (option.failed() || family < 1 || family > 2 || prefix > 8 * size || option.remaining() > size) return;
    base::Address address{.bytes = {}, .size = static_cast<std::uint8_t>(size)};
    std::ranges::copy(option.left(), address.bytes.begin());
    const std::size_t begin = out.begin_text();
    out.put_address(address);
    out.put('/');
    out.put_number(prefix);
    out.add(kClientSubnet, out.text_since(begin));
}

}  // namespace

// the sender's limit (2) | code (1), version (1), flags (2) | length (2) | options
EdnsOptions EdnsOptions::read(Cursor at) {
    EdnsOptions read;
    read.datagram_bytes = at.u16();
    read.code = at.u8();
    read.version = at.u8();
    read.dnssec_ok = (at.u16() & 0x8000) != 0;
    if (at.failed()) return {};
    read.there = true;
    read.options = at.sub(at.u16());
    return read;
}

// Each option: code (2), length (2), data.
void EdnsOptions::tell(Dissection& out) const {
    if (!there) return;
    out.add(kEdnsVersion, version);
    out.add(kDatagramBytes, datagram_bytes);
    for (Cursor rest = options; !rest.empty();) {
        const std::uint16_t option = rest.u16();
        const Cursor data = rest.sub(rest.u16());
        if (!rest.failed() && option == kClientSubnetOption) return tell_client_subnet(data, out);
    }
}

}  // namespace packetsentry::dissect
