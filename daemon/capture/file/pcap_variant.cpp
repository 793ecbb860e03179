#include "daemon/capture/file/pcap_variant.h"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/capture/file/byte_view.h"
#include "daemon/capture/file/capture_reader.h"

namespace packetsentry::capture {
namespace {

struct PcapMagic {
    std::uint32_t number;
    PcapVariant variant;
};
constexpr std::array kPcapMagics{
    PcapMagic{0xa1b2c3d4, {.other_record_head_bytes = {24, 20}}},
    PcapMagic{0xa1b23c4d, {.fraction_ns = 1}},
    PcapMagic{0xa1b2cd34, {.record_head_bytes = 24, .other_record_head_bytes = {28}}},
    PcapMagic{0x1c0001ac, {.fraction_ns = 1, .head_bytes = 28}},
    PcapMagic{0x1c0001ab, {.head_bytes = 28}},
};

// Above the link type stand the length of a frame check sequence and reserved bits.
constexpr std::uint32_t kLinkTypeBits = 0xffff;

// AIX writes numbers of the interfaces' types in RFC 1573. The old versions of libpcap that had the same
// number of the format wrote none of these link types.
constexpr std::array kAixLinkTypes{
    std::pair{6U, 1U},    // Ethernet
    std::pair{9U, 6U},    // token ring
    std::pair{15U, 10U},  // FDDI
    std::pair{24U, 0U},   // loopback
};

constexpr std::size_t kLookAheadBytes = 64 * 1024;
constexpr int kRecordsToTry = 4;
constexpr std::uint32_t kSecondsApart = 100'000'000;  // three years
constexpr std::uint32_t kSecondNs = 1'000'000'000;

bool is_plausible(const PcapRecord& record, const PcapRecord& first, const PcapVariant& variant) {
    const std::uint32_t apart =
        std::max(record.seconds, first.seconds) - std::min(record.seconds, first.seconds);
    return record.captured <= kCapturedLimit && record.captured <= record.wire_bytes &&
           record.fraction < kSecondNs / variant.fraction_ns && apart < kSecondsApart;
}

// Tells whether the records follow each other as far as bytes tells. whole: the file ends with them.
bool fits(const PcapVariant& variant, std::span<const std::byte> bytes, bool whole) {
    std::optional<PcapRecord> first;
    for (int i = 0; i < kRecordsToTry && bytes.size() >= variant.record_head_bytes; ++i) {
        const PcapRecord record = variant.read_record(bytes.first(variant.record_head_bytes));
        if (!first) first = record;
        if (!is_plausible(record, *first, variant)) return false;
        const std::size_t size = variant.record_head_bytes + record.captured;
        if (size > bytes.size()) return !whole;
        bytes = bytes.subspan(size);
    }
    return !whole || bytes.empty() || bytes.size() >= variant.record_head_bytes;
}

}  // namespace

std::optional<PcapVariant> PcapVariant::by_magic(std::span<const std::byte> first) {
    for (const bool swapped : {false, true})
        for (const PcapMagic& row : kPcapMagics)
            if (row.number == ByteView(first, swapped).u32(0)) {
                PcapVariant variant = row.variant;
                variant.swapped = swapped;
                return variant;
            }
    return std::nullopt;
}

void PcapVariant::read_head(std::span<const std::byte> head) {
    const ByteView fields(head, swapped);
    const std::uint16_t minor = fields.u16(6);
    link_type = fields.u32(20) & kLinkTypeBits;
    if (minor < 3) lengths = Lengths::wire_first;
    if (minor == 3) lengths = Lengths::shorter_first;
    if (minor < 4) other_record_head_bytes[0] = other_record_head_bytes[1] = 0;
    const auto* const aix = std::ranges::find(kAixLinkTypes, link_type, [](auto pair) { return pair.first; });
    if (minor != 2 || aix == kAixLinkTypes.end()) return;
    fraction_ns = 1;
    link_type = aix->second;
}

// The kind of the draft stays unless its records do not fit and those of another kind do.
void PcapVariant::look_ahead(InputStream& stream) {
    if (other_record_head_bytes[0] == 0) return;
    const bool whole = stream.want(kLookAheadBytes) == Want::ended;
    const auto records = stream.bytes(stream.available()).subspan(head_bytes);
    if (fits(*this, records, whole)) return;
    for (const std::size_t size : other_record_head_bytes) {
        PcapVariant other = *this;
        other.record_head_bytes = size;
        if (size != 0 && fits(other, records, whole)) record_head_bytes = size;
        if (record_head_bytes == size) return;
    }
}

PcapRecord PcapVariant::read_record(std::span<const std::byte> head) const {
    const ByteView fields(head, swapped);
    PcapRecord record{fields.u32(0), fields.u32(4), fields.u32(8), fields.u32(12)};
    const bool longer_first = record.captured > record.wire_bytes;
    if (lengths == Lengths::wire_first || (lengths == Lengths::shorter_first && longer_first))
        std::swap(record.captured, record.wire_bytes);
    return record;
}

}  // namespace packetsentry::capture
