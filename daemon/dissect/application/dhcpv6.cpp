// DHCP for IPv6 (RFC 8415): the kind of message, the addresses in it, and the name of the client. What a
// relay carries is not read.
#include "daemon/dissect/application/application_protocols.h"
#include "daemon/dissect/application/label_text.h"
#include "daemon/dissect/number_word.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kMessageType = field("packetsentry.dhcpv6.message_type");

constexpr const FieldInfo& kAddresses = field("packetsentry.dhcpv6.addresses");
constexpr const FieldInfo& kClientFqdn = field("packetsentry.dhcpv6.client_fqdn");

constexpr const FieldInfo* kDhcpv6Detail[] = {&kMessageType};
constexpr Protocol kDhcpv6{"DHCPv6", "dhcpv6", false, kDhcpv6Detail};

constexpr std::span<const NumberWord> kTypes = rows::kDhcpv6MessageNames;
constexpr std::uint8_t kFirstRelay = 12;

// RFC 8415 section 21, and of a client's whole name RFC 4704.
enum Option : std::uint16_t { kNonTemporary = 3, kTemporary = 4, kAddress = 5, kFqdn = 39 };

void add_address(Cursor value, Dissection& out) {
    const auto address = value.take(16);
    if (!value.failed()) out.add(kAddresses, base::Address::from(address));
}

// Flags (1), then the name.
void add_fqdn(Cursor value, Dissection& out) {
    value.skip(1);
    if (const auto name = read_label_text(value, out)) out.add(kClientFqdn, *name);
}

// Calls visit(code, value) for each option: code (2), length (2), value.
template <typename Visit>
void each_option(Cursor& options, Visit visit) {
    while (!options.empty()) {
        const std::uint16_t code = options.u16();
        const Cursor value = options.sub(options.u16());
        if (!options.failed()) visit(code, value);
    }
}

// What stands before the options of an association (sections 21.4 and 21.5): its identifier and, where it is
// not temporary, two times.
void read_association(std::size_t before, Cursor value, Dissection& out) {
    value.skip(before);
    each_option(value, [&out](std::uint16_t code, const Cursor& inner) {
        if (code == kAddress) add_address(inner, out);
    });
}

void read_options(Cursor& options, Dissection& out) {
    each_option(options, [&out](std::uint16_t code, const Cursor& value) {
        if (code == kNonTemporary) read_association(4 + 4 + 4, value, out);
        if (code == kTemporary) read_association(4, value, out);
        if (code == kFqdn) add_fqdn(value, out);
    });
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
    read_options(payload, out);
    if (payload.malformed()) out.malformed = true;
    return true;
}

}  // namespace packetsentry::dissect
