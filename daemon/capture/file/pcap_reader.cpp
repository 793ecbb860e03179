#include "daemon/capture/file/pcap_reader.h"

#include <string>

#include "daemon/capture/file/byte_view.h"

namespace packetsentry::capture {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::uint16_t kMajorVersion = 2;

}  // namespace

bool PcapReader::begins_with_magic(std::span<const std::byte> first) {
    return PcapVariant::by_magic(first).has_value();
}

base::Result<std::unique_ptr<PcapReader>> PcapReader::open(InputStream& stream) {
    constexpr std::size_t kPcapMagicBytes = 4;
    PcapVariant variant = PcapVariant::by_magic(stream.bytes(kPcapMagicBytes)).value_or(PcapVariant());
    if (const Want state = stream.want_waiting(variant.head_bytes); state != Want::enough)
        return std::unexpected(stream_error(stream, state, "in the middle of its header"));
    const auto head = stream.bytes(variant.head_bytes);
    const ByteView fields(head, variant.swapped);
    const std::uint16_t major = fields.u16(4);
    const std::uint32_t snapshot_length = fields.u32(16);
    if (major != kMajorVersion)
        return base::fail(base::ErrorCode::file,
                          "version " + std::to_string(major) + " of pcap is not supported; version 2 is");
    variant.read_head(head);
    variant.look_ahead(stream);
    stream.consume(variant.head_bytes);
    return std::make_unique<PcapReader>(stream, variant, snapshot_length);
}

PcapReader::PcapReader(InputStream& stream, const PcapVariant& variant, std::uint32_t snapshot_length)
    : stream_(stream), variant_(variant), limit_(captured_limit(snapshot_length)) {
    interface_.snapshot_length = snapshot_length;
    interface_.link_type = variant.link_type;
}

base::Result<CaptureReader::Step> PcapReader::next(Packet& packet) {
    const std::size_t head_bytes = variant_.record_head_bytes;
    if (const Want state = stream_.want(head_bytes); state != Want::enough) return stopped(state);
    const PcapRecord record = variant_.read_record(stream_.bytes(head_bytes));
    if (record.captured > limit_) [[unlikely]]
        return std::unexpected(damaged(record.captured));
    const std::size_t size = head_bytes + record.captured;
    if (const Want state = stream_.want(size); state != Want::enough) return stopped(state);
    packet.time_ns = record.seconds * kSecond + std::int64_t{record.fraction} * variant_.fraction_ns;
    packet.has_time = true;
    packet.wire_bytes = record.wire_bytes;
    packet.link_type = interface_.link_type;
    packet.interface = 0;
    packet.frame = stream_.bytes(size).subspan(head_bytes);
    stream_.consume(size);
    packet.next_frame = stream_.bytes_behind(head_bytes);
    ++packets_;
    return Step::packet;
}

// A pipe may not have had enough of the file when its kind was to be told.
base::Error PcapReader::damaged(std::uint32_t captured) const {
    base::Error error = damage(stream_, "packet " + std::to_string(packets_ + 1) + " claims to have " +
                                            std::to_string(captured) + " captured bytes");
    if (stream_.wait_fd() >= 0 && packets_ < 2 && variant_.other_record_head_bytes[0] != 0)
        error.message += "; pcap of a patched kind (Nokia, Red Hat 6.1) is read from an ordinary file only";
    return error;
}

base::Result<CaptureReader::Step> PcapReader::stopped(Want state) const {
    if (state == Want::waiting) return Step::waiting;
    if (state == Want::ended && stream_.available() == 0) return Step::end;
    return std::unexpected(stream_error(stream_, state, packets_, stream_.available() != 0));
}

}  // namespace packetsentry::capture
