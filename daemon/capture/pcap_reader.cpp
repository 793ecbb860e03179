#include "daemon/capture/pcap_reader.h"

#include <optional>
#include <string>

#include "daemon/capture/byte_view.h"

namespace packetsentry::capture {
namespace {

constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4;
constexpr std::uint32_t kNanoseconds = 0xa1b23c4d;
constexpr std::size_t kHeadBytes = 24;
constexpr std::size_t kRecordHeadBytes = 16;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::uint16_t kMajorVersion = 2;
// Above the link type stand the length of a frame check sequence and reserved bits.
constexpr std::uint32_t kLinkTypeBits = 0xffff;

struct Magic {
    bool swapped;
    bool nanoseconds;
};

std::optional<Magic> magic_of(std::span<const std::byte> first) {
    for (const bool swapped : {false, true}) {
        const std::uint32_t magic = ByteView(first, swapped).u32(0);
        if (magic == kMicroseconds || magic == kNanoseconds) return Magic{swapped, magic == kNanoseconds};
    }
    return std::nullopt;
}

}  // namespace

bool PcapReader::begins_with_magic(std::span<const std::byte> first) {
    return magic_of(first).has_value();
}

base::Result<std::unique_ptr<PcapReader>> PcapReader::open(InputStream& stream) {
    if (const Want state = stream.want_waiting(kHeadBytes); state != Want::enough)
        return std::unexpected(stream_error(stream, state, "in the middle of its head"));
    const auto head = stream.bytes(kHeadBytes);
    auto reader = std::make_unique<PcapReader>(stream, head);
    const std::uint16_t major = ByteView(head, reader->swapped_).u16(4);
    if (major != kMajorVersion)
        return base::fail(base::ErrorCode::file,
                          "pcap of version " + std::to_string(major) + " is not known; 2 is");
    stream.consume(kHeadBytes);
    return reader;
}

PcapReader::PcapReader(InputStream& stream, std::span<const std::byte> head) : stream_(stream) {
    const Magic magic = magic_of(head).value_or(Magic{});
    swapped_ = magic.swapped;
    fraction_ns_ = magic.nanoseconds ? 1 : 1000;
    const ByteView fields(head, swapped_);
    interface_.snapshot_length = fields.u32(16);
    interface_.link_type = fields.u32(20) & kLinkTypeBits;
    limit_ = captured_limit(interface_.snapshot_length);
}

base::Result<CaptureReader::Step> PcapReader::next(Packet& packet) {
    if (const Want state = stream_.want(kRecordHeadBytes); state != Want::enough) return stopped(state);
    const ByteView head(stream_.bytes(kRecordHeadBytes), swapped_);
    const std::uint32_t captured = head.u32(8);
    if (captured > limit_) [[unlikely]]
        return std::unexpected(damage(stream_, "packet " + std::to_string(packets_ + 1) + " claims to have " +
                                                   std::to_string(captured) + " captured bytes"));
    const std::int64_t seconds = head.u32(0);
    const std::int64_t fraction = head.u32(4);
    const std::uint32_t wire_bytes = head.u32(12);
    // May move the head away, and with it what the view looks at.
    if (const Want state = stream_.want(kRecordHeadBytes + captured); state != Want::enough)
        return stopped(state);
    packet.time_ns = seconds * kSecond + fraction * fraction_ns_;
    packet.has_time = true;
    packet.wire_bytes = wire_bytes;
    packet.link_type = interface_.link_type;
    packet.interface = 0;
    packet.frame = stream_.bytes(kRecordHeadBytes + captured).subspan(kRecordHeadBytes);
    stream_.consume(kRecordHeadBytes + captured);
    ++packets_;
    return Step::packet;
}

base::Result<CaptureReader::Step> PcapReader::stopped(Want state) const {
    if (state == Want::waiting) return Step::waiting;
    if (state == Want::ended && stream_.available() == 0) return Step::end;
    return std::unexpected(stream_error(stream_, state, packets_, stream_.available() != 0));
}

}  // namespace packetsentry::capture
