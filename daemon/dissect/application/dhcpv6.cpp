// DHCP for IPv6 (RFC 8415): the kind of message.
#include "daemon/dissect/application/application_protocols.h"
#include "daemon/dissect/number_word.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kMessageType = field("packetsentry.dhcpv6.message_type");

constexpr const FieldInfo* kDetail[] = {&kMessageType};
constexpr Protocol kDhcpv6{"DHCPv6", "dhcpv6", false, kDetail};

constexpr std::span<const NumberWord> kTypes = rows::kDhcpv6MessageNames;
constexpr std::uint8_t kFirstRelay = 12;

void read_options(Cursor& options) {
    while (!options.empty()) {
        options.skip(2);  // code
        options.skip(options.u16());
    }
}

}  // namespace

// type, transaction (3) | options: code (2), length (2), value
// relayed: type, hops, link address (16), peer address (16) | options
bool dissect_dhcpv6(Cursor payload, Dissection& out) {
    const std::uint8_t type = payload.u8();
    const std::string_view word = word_of(kTypes, type);
    if (word.empty()) return false;
    out.protocol = &kDhcpv6;
    out.add(kMessageType, word);
    payload.skip(type < kFirstRelay ? 3 : 1 + 16 + 16);
    read_options(payload);
    if (payload.malformed()) out.malformed = true;
    return true;
}

}  // namespace packetsentry::dissect
