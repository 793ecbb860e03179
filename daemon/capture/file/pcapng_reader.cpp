#include "daemon/capture/file/pcapng_reader.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "daemon/capture/file/pcapng_interface.h"

namespace packetsentry::capture {
namespace {

using Step = CaptureReader::Step;

enum BlockType : std::uint32_t {
    kInterface = 1,
    kObsoletePacket = 2,
    kSimplePacket = 3,
    kEnhancedPacket = 6,
    kSection = 0x0a0d0d0a,  // the same in both byte orders
};
constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;
constexpr std::uint16_t kMajorVersion = 1;
constexpr std::size_t kBlockHeadBytes = 8;
constexpr std::size_t kTrailerBytes = 4;
constexpr std::uint32_t kLeastBlock = 12;
constexpr std::uint32_t kSectionFixedBytes = 24;  // 8 byte-order magic  12 major  14 minor  16 length
constexpr std::uint32_t kInterfaceFixedBytes = 16;
// No more than this is skipped in one call, so that the caller gets its turn.
constexpr int kBlocksAtOnce = 4096;
constexpr std::uint64_t kBytesAtOnce = 16U << 20;
constexpr std::size_t kTimedDataAt = 28;
constexpr std::size_t kSimpleDataAt = 12;

std::optional<bool> swapped_order(std::span<const std::byte> head) {
    for (const bool swapped : {false, true})
        if (ByteView(head, swapped).u32(kBlockHeadBytes) == kByteOrderMagic) return swapped;
    return std::nullopt;
}

bool is_packet(std::uint32_t type) {
    return type == kEnhancedPacket || type == kSimplePacket || type == kObsoletePacket;
}

std::uint32_t least_size(std::uint32_t type) {
    if (type == kSection) return kSectionFixedBytes + kTrailerBytes;
    if (type == kInterface) return kInterfaceFixedBytes + kTrailerBytes;
    if (type == kSimplePacket) return kSimpleDataAt + kTrailerBytes;
    return is_packet(type) ? kTimedDataAt + kTrailerBytes : kLeastBlock;
}

bool same(const SourceInterface& a, const SourceInterface& b) {
    return a.name == b.name && a.link_type == b.link_type && a.snapshot_length == b.snapshot_length;
}

}  // namespace

bool PcapngReader::begins_with_magic(std::span<const std::byte> first) {
    return ByteView(first, false).u32(0) == kSection;
}

base::Result<std::unique_ptr<PcapngReader>> PcapngReader::open(InputStream& stream) {
    auto reader = std::make_unique<PcapngReader>(stream);
    for (;;) {
        auto step = reader->advance();
        if (!step) return std::unexpected(std::move(step.error()));
        if (*step != Step::waiting) return reader;
        stream.wait();
    }
}

base::Result<Step> PcapngReader::next(Packet& packet) {
    auto step = advance();
    if (!step || *step != Step::packet) return step;
    auto decoded = block_.type == kSimplePacket ? decode_simple(packet) : decode_timed(packet);
    if (!decoded) [[unlikely]]
        return std::unexpected(std::move(decoded.error()));
    stream_.consume(block_.size);
    packet.next_frame = stream_.bytes_behind(block_.type == kSimplePacket ? kSimpleDataAt : kTimedDataAt);
    ++packets_;
    return Step::packet;
}

base::Result<Step> PcapngReader::advance() {
    for (int blocks = 0; blocks < kBlocksAtOnce; ++blocks) {
        if (skipping_) {
            auto step = finish_skip();
            if (!step || *step != Step::end) return step;
        }
        if (const Want state = stream_.want(kBlockHeadBytes); state != Want::enough)
            return stopped(state, false);
        const ByteView head = front(kBlockHeadBytes);
        const std::uint32_t type = head.u32(0);
        auto step = type == kSection ? begin_section() : take_block({type, head.u32(4)});
        if (!step || *step != Step::end) return step;
    }
    return Step::more;
}

// Here and below end means: the block is done with, look at the next.
base::Result<Step> PcapngReader::take_block(Block block) {
    if (block.size < least_size(block.type) || block.size % 4 != 0) [[unlikely]]
        return damaged("a block has the impossible length " + std::to_string(block.size));
    if (is_packet(block.type) || block.type == kInterface) return take_whole(block);
    return begin_skip(0, block);
}

base::Result<Step> PcapngReader::take_whole(Block block) {
    if (block.size > InputStream::kCapacity) [[unlikely]]
        return damaged("a block has the impossible length " + std::to_string(block.size));
    const bool in_packet = is_packet(block.type);
    if (const Want state = stream_.want(block.size); state != Want::enough) return stopped(state, in_packet);
    if (front(block.size).u32(block.size - kTrailerBytes) != block.size) [[unlikely]]
        return damaged("the two lengths of a block differ");
    block_ = block;
    if (in_packet) return Step::packet;
    if (auto added = add_interface(); !added) return std::unexpected(std::move(added.error()));
    stream_.consume(block.size);
    return Step::end;
}

base::Result<Step> PcapngReader::begin_section() {
    if (const Want state = stream_.want(kSectionFixedBytes); state != Want::enough)
        return stopped(state, false);
    const auto order = swapped_order(stream_.bytes(kSectionFixedBytes));
    if (!order) return damaged("a section begins without byte-order magic");
    const ByteView head(stream_.bytes(kSectionFixedBytes), *order);
    const Block block{kSection, head.u32(4)};
    if (block.size < least_size(kSection) || block.size % 4 != 0)
        return damaged("a section's head has the impossible length " + std::to_string(block.size));
    if (head.u16(12) != kMajorVersion)
        return damaged("version " + std::to_string(head.u16(12)) +
                       " of pcapng is not supported; version 1 is");
    swapped_ = *order;
    last_section_.clear();
    for (const SectionInterface& interface : section_) last_section_.push_back(interface.index);
    section_.clear();
    return begin_skip(kSectionFixedBytes, block);
}

base::Result<Step> PcapngReader::begin_skip(std::uint32_t consumed, Block block) {
    stream_.consume(consumed);
    skipping_ = true;
    skip_left_ = block.size - consumed - kTrailerBytes;
    skip_size_ = block.size;
    return Step::end;
}

base::Result<Step> PcapngReader::finish_skip() {
    const std::uint64_t part = std::min(skip_left_, kBytesAtOnce);
    std::uint64_t left = part;
    const Want skipped = stream_.skip(left);
    skip_left_ -= part - left;
    if (skipped != Want::enough) return stopped(skipped, false);
    if (skip_left_ != 0) return Step::more;
    if (const Want state = stream_.want(kTrailerBytes); state != Want::enough) return stopped(state, false);
    if (front(kTrailerBytes).u32(0) != skip_size_) return damaged("the two lengths of a block differ");
    stream_.consume(kTrailerBytes);
    skipping_ = false;
    return Step::end;
}

base::Result<void> PcapngReader::add_interface() {
    const auto body = stream_.bytes(block_.size).subspan(kBlockHeadBytes, block_.size - kLeastBlock);
    const PcapngInterface parsed = parse_interface(body, swapped_, kNameLimit);
    const std::uint32_t index = index_of(parsed.interface);
    if (index == kInterfaceLimit)
        return damaged("more than " + std::to_string(kInterfaceLimit) + " interfaces are described");
    section_.push_back({.clock = parsed.clock,
                        .index = index,
                        .link_type = parsed.interface.link_type,
                        .snapshot_length = parsed.interface.snapshot_length,
                        .limit = captured_limit(parsed.interface.snapshot_length)});
    return {};
}

// Sections appended to one file describe the same interfaces again: those keep their index.
std::uint32_t PcapngReader::index_of(const SourceInterface& interface) {
    const std::size_t place = section_.size();
    if (place < last_section_.size() && same(interfaces_[last_section_[place]], interface))
        return last_section_[place];
    if (interfaces_.size() == kInterfaceLimit) return kInterfaceLimit;
    interfaces_.push_back(interface);
    return static_cast<std::uint32_t>(interfaces_.size() - 1);
}

//  8 length on the wire  12 data; no timestamp, and the interface is the section's first
base::Result<void> PcapngReader::decode_simple(Packet& packet) const {
    if (section_.empty()) return damaged("a packet without an interface");
    const SectionInterface& from = section_.front();
    const std::uint32_t wire_bytes = front(kSimpleDataAt).u32(8);
    packet.time_ns = 0;
    packet.has_time = false;
    packet.wire_bytes = wire_bytes;
    const std::uint32_t limit = from.snapshot_length == 0 ? wire_bytes : from.snapshot_length;
    return set_frame(packet, from, kSimpleDataAt, std::min(limit, wire_bytes));
}

//  8 interface (obsolete block: 16 bits, then drops)  12 ticks, upper half  16 lower half
//  20 captured length  24 length on the wire  28 data, padding, options
base::Result<void> PcapngReader::decode_timed(Packet& packet) const {
    const ByteView head = front(kTimedDataAt);
    const std::uint32_t interface = block_.type == kEnhancedPacket ? head.u32(8) : head.u16(8);
    if (interface >= section_.size()) [[unlikely]]
        return damaged("packet " + std::to_string(packets_ + 1) + " belongs to interface " +
                       std::to_string(interface) + ", which the file does not describe");
    const SectionInterface& from = section_[interface];
    const auto time = from.clock.nanoseconds(std::uint64_t{head.u32(12)} << 32 | head.u32(16));
    packet.time_ns = time.value_or(0);
    packet.has_time = time.has_value();
    packet.wire_bytes = head.u32(24);
    return set_frame(packet, from, kTimedDataAt, head.u32(20));
}

base::Result<void> PcapngReader::set_frame(Packet& packet, const SectionInterface& from, std::size_t begin,
                                           std::uint32_t captured) const {
    if (captured > from.limit || captured > block_.size - kTrailerBytes - begin) [[unlikely]]
        return damaged("packet " + std::to_string(packets_ + 1) + " claims to have " +
                       std::to_string(captured) + " captured bytes");
    packet.link_type = from.link_type;
    packet.interface = from.index;
    packet.frame = stream_.bytes(block_.size).subspan(begin, captured);
    return {};
}

base::Result<Step> PcapngReader::stopped(Want state, bool in_packet) const {
    if (state == Want::waiting) return Step::waiting;
    if (state == Want::ended && stream_.available() == 0 && !skipping_) return Step::end;
    return std::unexpected(stream_error(stream_, state, packets_, in_packet));
}

std::unexpected<base::Error> PcapngReader::damaged(const std::string& what) const {
    return std::unexpected(damage(stream_, what));
}

}  // namespace packetsentry::capture
