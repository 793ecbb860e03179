// NTP (RFC 5905 section 7.3), its control messages (RFC 9327) and ntpd's private ones.
#include <array>

#include "daemon/dissect/application/application_protocols.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kMode = field("packetsentry.ntp.mode");
constexpr const FieldInfo& kNtpVersion = field("packetsentry.ntp.version");
constexpr const FieldInfo& kStratum = field("packetsentry.ntp.stratum");

constexpr const FieldInfo& kReference = field("packetsentry.ntp.reference_id");

constexpr const FieldInfo* kNtpDetail[] = {&kMode};
constexpr Protocol kNtp{"NTP", "ntp", false, kNtpDetail};

struct Mode {
    std::string_view word;   // empty: not in use
    std::size_t bytes = 48;  // at least
};

constexpr std::array<Mode, 8> kModes = {{
    {""},
    {"symmetric active"},
    {"symmetric passive"},
    {"client"},
    {"server"},
    {"broadcast"},
    {"control", 12},
    {"private", 8},
}};
constexpr std::size_t kTimeModes = 6;  // below it: messages with a stratum

// RFC 5905 section 7.3: letters that name a clock (stratum 1) or say why nothing is told (0), otherwise the
// server that the time is from, as its IPv4 address. Zeros: none.
void add_reference(std::uint8_t stratum, std::span<const std::byte> id, Dissection& out) {
    const auto address = base::Address::from(id);
    if (address == base::Address{.bytes = {}, .size = address.size}) return;
    const std::size_t begin = out.begin_text();
    if (stratum > 1)
        out.put_address(address);
    else
        for (const std::byte byte : id)
            if (byte != std::byte{0}) out.put(static_cast<char>(byte));
    out.add(kReference, out.text_since(begin));
}

// stratum (1) | poll (1) | precision (1) | delay (4) | dispersion (4) | reference (4)
void read_times(Cursor& at, Dissection& out) {
    if (at.empty()) return;
    const std::uint8_t stratum = at.u8();
    out.add(kStratum, stratum);
    if (!at.has(2 + 4 + 4 + 4)) return;
    at.skip(2 + 4 + 4);
    add_reference(stratum, at.take(4), out);
}

}  // namespace

// The first byte: leap indicator (2 bits), version (3), mode (3); the second: stratum.
bool dissect_ntp(Cursor payload, Dissection& out) {
    const std::size_t size = payload.remaining();
    const std::uint8_t first = payload.u8();
    const unsigned version = first >> 3 & 7, mode = first & 7;
    if (version < 1 || version > 4 || kModes[mode].word.empty()) return false;
    out.protocol = &kNtp;
    out.add(kMode, kModes[mode].word);
    out.add(kNtpVersion, version);
    if (mode < kTimeModes) read_times(payload, out);
    if (size < kModes[mode].bytes && !payload.cut()) out.malformed = true;
    return true;
}

}  // namespace packetsentry::dissect
