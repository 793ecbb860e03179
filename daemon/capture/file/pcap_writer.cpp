#include "daemon/capture/file/pcap_writer.h"

#include <algorithm>
#include <limits>

#include "daemon/capture/file/block_fields.h"
#include "daemon/capture/file/capture_reader.h"

namespace packetsentry::capture {
namespace {

using base::ErrorCode;

constexpr std::uint32_t kMagic = 0xa1b23c4d;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kLatestSecond = std::numeric_limits<std::uint32_t>::max();  // in 2106
constexpr std::uint32_t kEthernet = 1;

base::Result<void> one_link_type_only() {
    return base::fail(ErrorCode::file, "a .pcap file holds one link type; use a .pcapng name");
}

// The format has no way to leave a time out: what it cannot say becomes 0.
bool is_sayable(const Packet& packet) {
    return packet.has_time && packet.time_ns >= 0 && packet.time_ns / kSecond <= kLatestSecond;
}

std::uint32_t snapshot_length(std::span<const SourceInterface> interfaces) {
    std::uint32_t longest = 0;
    for (const SourceInterface& interface : interfaces)
        longest = std::max(longest, interface.snapshot_length);
    return longest == 0 ? kSnapshotLength : longest;
}

}  // namespace

base::Result<void> PcapWriter::begin(std::span<const SourceInterface> interfaces) {
    link_type_ = interfaces.empty() ? kEthernet : interfaces.front().link_type;
    const auto differs = [this](const SourceInterface& interface) {
        return interface.link_type != link_type_;
    };
    if (std::ranges::any_of(interfaces, differs)) return one_link_type_only();
    begun_ = true;
    if (continued_) return {};
    out_.put(block_fields(kMagic, std::uint16_t{2}, std::uint16_t{4}, std::uint64_t{0},
                          snapshot_length(interfaces), link_type_));
    out_.end_head();
    return {};
}

base::Result<void> PcapWriter::write(const Packet& packet, std::span<const SourceInterface> interfaces) {
    if (!out_.state()) return out_.state();
    if (!out_.has_room()) return {};
    if (!begun_) {
        if (auto begun = begin(interfaces); !begun) return begun;
    }
    if (packet.link_type != link_type_) return one_link_type_only();
    const std::int64_t time = is_sayable(packet) ? packet.time_ns : 0;
    out_.put(block_fields(static_cast<std::uint32_t>(time / kSecond),
                          static_cast<std::uint32_t>(time % kSecond),
                          static_cast<std::uint32_t>(packet.frame.size()), packet.wire_bytes));
    out_.put(packet.frame);
    out_.end_block(true);
    return out_.full() ? out_.hand_over() : base::Result<void>{};
}

base::Result<void> PcapWriter::put_head(std::span<const SourceInterface> interfaces) {
    return begun_ ? base::Result<void>() : begin(interfaces);
}

}  // namespace packetsentry::capture
