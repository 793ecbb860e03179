// DHCP for IPv4 (RFC 2131; options: RFC 2132).
#include <algorithm>

#include "daemon/dissect/application/application_protocols.h"
#include "daemon/dissect/application/label_text.h"
#include "daemon/dissect/number_word.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kMessageType = field("packetsentry.dhcp.message_type");
constexpr const FieldInfo& kAssignedIp = field("packetsentry.dhcp.assigned_ip");
constexpr const FieldInfo& kHostName = field("packetsentry.dhcp.host_name");
constexpr const FieldInfo& kClientFqdn = field("packetsentry.dhcp.client_fqdn");
constexpr const FieldInfo& kClientMac = field("packetsentry.dhcp.client_mac");
constexpr const FieldInfo& kLeaseTime = field("packetsentry.dhcp.lease_time");
constexpr const FieldInfo& kRequestedIp = field("packetsentry.dhcp.requested_ip");
constexpr const FieldInfo& kServerId = field("packetsentry.dhcp.server_id");
constexpr const FieldInfo& kVendorClass = field("packetsentry.dhcp.vendor_class");

constexpr const FieldInfo* kDhcpDetail[] = {&kMessageType, &kAssignedIp, &kHostName};
constexpr Protocol kDhcp{"DHCP", "dhcp", false, kDhcpDetail};

constexpr std::uint32_t kMagicCookie = 0x63825363;
constexpr std::uint8_t kHardwareAddressLimit = 16;
constexpr std::uint8_t kEthernet = 1, kMacBytes = 6;

// RFC 2132, and of a client's whole name RFC 4702.
enum Option : std::uint8_t {
    kPad = 0,
    kHost = 12,
    kRequested = 50,
    kLease = 51,
    kType = 53,
    kServer = 54,
    kVendor = 60,
    kFqdn = 81,
    kEnd = 255
};

constexpr std::span<const NumberWord> kTypes = rows::kDhcpMessageNames;

void add_type(std::span<const std::byte> value, Dissection& out) {
    if (value.size() != 1) {
        out.malformed = true;
        return;
    }
    const auto type = std::to_integer<std::uint16_t>(value.front());
    if (const auto word = word_of(kTypes, type); !word.empty()) out.add(kMessageType, word);
}

void add_address(const FieldInfo& info, std::span<const std::byte> value, Dissection& out) {
    if (value.size() != 4) {
        out.malformed = true;
        return;
    }
    out.add(info, base::Address::from(value));
}

void add_lease(Cursor value, Dissection& out) {
    const std::uint32_t seconds = value.u32();
    if (value.failed() || !value.empty())
        out.malformed = true;
    else
        out.add(kLeaseTime, seconds);
}

// RFC 4702 section 2: flags (1), two codes that mean nothing any more (2), and the name: as labels where the
// flag says so, in older clients as text.
void add_fqdn(Cursor value, Dissection& out) {
    constexpr std::uint8_t kIsLabels = 0x04;
    const std::uint8_t flags = value.u8();
    value.skip(2);
    if (value.failed() || value.empty()) return;
    const auto name =
        (flags & kIsLabels) != 0 ? read_label_text(value, out) : std::optional(value.left_text());
    if (name) out.add(kClientFqdn, *name);
}

void read_option(std::uint8_t option, const Cursor& value, Dissection& out) {
    switch (option) {
        case kType:
            return add_type(value.left(), out);
        case kHost:
            return out.add(kHostName, value.left_text());
        case kVendor:
            return out.add(kVendorClass, value.left_text());
        case kRequested:
            return add_address(kRequestedIp, value.left(), out);
        case kServer:
            return add_address(kServerId, value.left(), out);
        case kLease:
            return add_lease(value, out);
        case kFqdn:
            return add_fqdn(value, out);
        default:
            return;
    }
}

void read_options(Cursor& options, Dissection& out) {
    while (!options.empty()) {
        const std::uint8_t option = options.u8();
        if (option == kEnd) return;
        if (option == kPad) continue;
        const Cursor value = options.sub(options.u8());
        if (options.failed()) return;
        read_option(option, value, out);
    }
}

}  // namespace

// op, htype, hlen, hops | xid | secs, flags | ciaddr | yiaddr | siaddr | giaddr | chaddr (16) |
// sname (64) | file (128) | magic cookie (4) | options
bool dissect_dhcp(Cursor payload, Dissection& out) {
    const std::uint8_t operation = payload.u8();
    const std::uint8_t hardware = payload.u8();
    const std::uint8_t hardware_bytes = payload.u8();
    if (operation < 1 || operation > 2 || hardware_bytes > kHardwareAddressLimit) return false;
    payload.skip(1 + 4 + 2 + 2 + 4);
    const auto assigned = payload.take(4);
    payload.skip(4 + 4);
    const auto client = payload.take(16);
    payload.skip(64 + 128);
    const std::uint32_t cookie = payload.u32();
    if (!payload.failed() && cookie != kMagicCookie) return false;  // BOOTP without DHCP
    out.protocol = &kDhcp;
    if (std::ranges::any_of(assigned, [](std::byte byte) { return byte != std::byte{0}; }))
        out.add(kAssignedIp, base::Address::from(assigned));
    if (hardware == kEthernet && hardware_bytes == kMacBytes && client.size() >= kMacBytes)
        out.add(kClientMac, base::Address::from(client.first(kMacBytes)));
    read_options(payload, out);
    if (payload.malformed()) out.malformed = true;
    return true;
}

}  // namespace packetsentry::dissect
