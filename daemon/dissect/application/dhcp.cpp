// DHCP for IPv4 (RFC 2131; options: RFC 2132).
#include <algorithm>

#include "daemon/dissect/application/application_protocols.h"
#include "daemon/dissect/number_word.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kMessageType = field("packetsentry.dhcp.message_type");
constexpr const FieldInfo& kAssignedIp = field("packetsentry.dhcp.assigned_ip");
constexpr const FieldInfo& kHostName = field("packetsentry.dhcp.host_name");

constexpr const FieldInfo* kDetail[] = {&kMessageType, &kAssignedIp, &kHostName};
constexpr Protocol kDhcp{"DHCP", "dhcp", false, kDetail};

constexpr std::uint32_t kMagicCookie = 0x63825363;
constexpr std::uint8_t kHardwareAddressLimit = 16;

enum Option : std::uint8_t { kPad = 0, kHost = 12, kType = 53, kEnd = 255 };

constexpr std::span<const NumberWord> kTypes = rows::kDhcpMessageNames;

void add_type(std::span<const std::byte> value, Dissection& out) {
    if (value.size() != 1) {
        out.malformed = true;
        return;
    }
    const auto type = std::to_integer<std::uint16_t>(value.front());
    if (const auto word = word_of(kTypes, type); !word.empty()) out.add(kMessageType, word);
}

void read_options(Cursor& options, Dissection& out) {
    while (!options.empty()) {
        const std::uint8_t option = options.u8();
        if (option == kEnd) return;
        if (option == kPad) continue;
        Cursor value = options.sub(options.u8());
        if (options.failed()) return;
        if (option == kType) add_type(value.left(), out);
        if (option == kHost) out.add(kHostName, value.left_text());
    }
}

}  // namespace

// op, htype, hlen, hops | xid | secs, flags | ciaddr | yiaddr | siaddr | giaddr | chaddr (16) |
// sname (64) | file (128) | magic cookie (4) | options
bool dissect_dhcp(Cursor payload, Dissection& out) {
    const std::uint8_t operation = payload.u8();
    payload.skip(1);
    const std::uint8_t hardware_bytes = payload.u8();
    if (operation < 1 || operation > 2 || hardware_bytes > kHardwareAddressLimit) return false;
    payload.skip(1 + 4 + 2 + 2 + 4);
    const auto assigned = payload.take(4);
    payload.skip(4 + 4 + 16 + 64 + 128);
    const std::uint32_t cookie = payload.u32();
    if (!payload.failed() && cookie != kMagicCookie) return false;  // BOOTP without DHCP
    out.protocol = &kDhcp;
    if (std::ranges::any_of(assigned, [](std::byte byte) { return byte != std::byte{0}; }))
        out.add(kAssignedIp, base::Address::from(assigned));
    read_options(payload, out);
    if (payload.malformed()) out.malformed = true;
    return true;
}

}  // namespace packetsentry::dissect
