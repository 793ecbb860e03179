#include "daemon/spool/search/packet_file.h"

#include <algorithm>
#include <bit>

namespace packetsentry::spool {
namespace {

// draft-ietf-opsawg-pcapng, sections 4.1 and 4.3: every block begins with its type and its length, which
// it also ends with. A section header then has a number that shows the byte order.
//
//   0      4      8          12     16     20        24       28
//   | type | size | interface| time        | captured| on wire| packet, zeros | size
constexpr std::uint32_t kSectionType = 0x0A0D0D0A;
constexpr std::uint32_t kPacketType = 6;
constexpr std::uint32_t kByteOrder = 0x1A2B3C4D;
constexpr std::size_t kSectionStart = 12, kByteOrderAt = 8;
constexpr std::size_t kSizeAt = 4, kInterfaceAt = 8, kCapturedAt = 20, kWireBytesAt = 24, kFrameAt = 28;

std::uint64_t end_of(const PacketPlace& place) {
    return place.offset + packet_block_bytes(place.bytes);
}

bool can_be_read(const PacketPlace& place) {
    return place.bytes != 0 && place.bytes <= PacketFile::kPacketLimit;
}

// Returns the index behind the last packet that is read together with the first one.
std::size_t group_end(std::span<const PacketPlace> places, std::size_t first) {
    std::uint64_t end = end_of(places[first]);
    std::size_t last = first + 1;
    for (; last < places.size(); ++last) {
        if (!can_be_read(places[last])) continue;
        const std::uint64_t begin = places[last].offset;
        if (begin < end || begin - end > PacketFile::kGap) break;
        if (end_of(places[last]) - places[first].offset > PacketFile::kTogether) break;
        end = end_of(places[last]);
    }
    return last;
}

}  // namespace

base::Result<PacketFile> PacketFile::open(SpoolFile file) {
    const auto head = file.read(0, kSectionStart);
    if (!head) return std::unexpected(head.error());
    const Bytes bytes = as_bytes(*head);
    const bool whole = bytes.size() == kSectionStart && number_in<std::uint32_t>(bytes, 0) == kSectionType;
    const std::uint32_t order = whole ? number_in<std::uint32_t>(bytes, kByteOrderAt) : 0;
    if (order != kByteOrder && order != std::byteswap(kByteOrder))
        return base::fail(base::ErrorCode::file, "does not begin as a pcapng file does: packets of a spool");
    return PacketFile(std::move(file), order != kByteOrder);
}

std::uint32_t PacketFile::number(Bytes bytes, std::size_t at) const {
    const auto value = number_in<std::uint32_t>(bytes, at);
    return swapped_ ? std::byteswap(value) : value;
}

// block: as many bytes as the place says, at least 32.
bool PacketFile::read_block(Bytes block, StoredPacket& packet) const {
    const std::size_t size = block.size();
    if (number(block, 0) != kPacketType || number(block, kSizeAt) != size ||
        number(block, size - sizeof(std::uint32_t)) != size)
        return false;
    const std::uint32_t captured = number(block, kCapturedAt);
    if (captured > kPacketLimit || packet_block_bytes(captured) != size) return false;
    packet.interface = number(block, kInterfaceAt);
    packet.wire_bytes = number(block, kWireBytesAt);
    packet.frame = block.subspan(kFrameAt, captured);
    return true;
}

std::span<std::byte> PacketFile::Room::first(std::size_t wanted) {
    if (size < wanted) {
        size = std::max<std::size_t>(wanted, kTogether);
        bytes = std::make_unique_for_overwrite<std::byte[]>(size);
    }
    return {bytes.get(), wanted};
}

base::Result<void> PacketFile::read_group(std::span<const PacketPlace> places, std::size_t first,
                                          std::size_t last, Room& room, PacketSink& sink,
                                          PacketCounts& counts) const {
    const std::uint64_t begin = places[first].offset;
    std::uint64_t end = begin;
    for (std::size_t i = first; i < last; ++i)
        if (can_be_read(places[i])) end = std::max(end, end_of(places[i]));
    const std::span<std::byte> read_bytes = room.first(static_cast<std::size_t>(end - begin));
    const auto read = file_.read(begin, read_bytes);
    if (!read) return std::unexpected(read.error());
    const Bytes group = read_bytes.first(*read);
    for (std::size_t i = first; i < last; ++i) {
        if (!can_be_read(places[i])) continue;
        const std::uint64_t at = places[i].offset - begin;
        StoredPacket packet{.place = i};
        const bool there = end_of(places[i]) - begin <= group.size() &&
                           read_block(group.subspan(at, end_of(places[i]) - begin - at), packet) &&
                           packet.frame.size() == places[i].bytes;
        ++(there ? counts.read : counts.unreadable);
        if (!there) continue;
        if (auto taken = sink.take(packet); !taken) return taken;
    }
    return {};
}

base::Result<PacketCounts> PacketFile::read(std::span<const PacketPlace> places, PacketSink& sink) const {
    PacketCounts counts;
    Room room;
    for (const PacketPlace& place : places) {
        if (place.bytes == 0) ++counts.not_stored;
        if (place.bytes > kPacketLimit) ++counts.unreadable;
    }
    for (std::size_t first = 0; first < places.size();) {
        if (!can_be_read(places[first])) {
            ++first;
            continue;
        }
        const std::size_t last = group_end(places, first);
        if (auto read = read_group(places, first, last, room, sink, counts); !read)
            return std::unexpected(read.error());
        first = last;
    }
    return counts;
}

}  // namespace packetsentry::spool
