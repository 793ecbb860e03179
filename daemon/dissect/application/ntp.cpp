// NTP (RFC 5905 section 7.3), its control messages (RFC 9327) and ntpd's private ones.
#include <array>

#include "daemon/dissect/application/application_protocols.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kMode = field("packetsentry.ntp.mode");
constexpr const FieldInfo& kVersion = field("packetsentry.ntp.version");
constexpr const FieldInfo& kStratum = field("packetsentry.ntp.stratum");

constexpr const FieldInfo* kDetail[] = {&kMode};
constexpr Protocol kNtp{"NTP", "ntp", false, kDetail};

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

}  // namespace

// The first byte: leap indicator (2 bits), version (3), mode (3); the second: stratum.
bool dissect_ntp(Cursor payload, Dissection& out) {
    const std::size_t size = payload.remaining();
    const std::uint8_t first = payload.u8();
    const unsigned version = first >> 3 & 7, mode = first & 7;
    if (version < 1 || version > 4 || kModes[mode].word.empty()) return false;
    out.protocol = &kNtp;
    out.add(kMode, kModes[mode].word);
    out.add(kVersion, version);
    if (mode < kTimeModes && !payload.empty()) out.add(kStratum, payload.u8());
    if (size < kModes[mode].bytes && !payload.cut()) out.malformed = true;
    return true;
}

}  // namespace packetsentry::dissect
