#include "daemon/capture/file/capture_reader.h"

#include <algorithm>
#include <array>

#include "daemon/capture/file/foreign_format.h"
#include "daemon/capture/file/pcap_reader.h"
#include "daemon/capture/file/pcapng_reader.h"

namespace packetsentry::capture {
namespace {

constexpr std::size_t kMagicBytes = 4;

template <typename Reader>
base::Result<std::unique_ptr<CaptureReader>> opened(base::Result<std::unique_ptr<Reader>> reader) {
    if (!reader) return std::unexpected(std::move(reader.error()));
    return std::move(*reader);
}

base::Error not_a_capture(InputStream& stream, const std::string& file_name) {
    (void)stream.want(kForeignFormatBytes);  // as far as it is there
    const auto begin = stream.bytes(std::min(stream.available(), kForeignFormatBytes));
    if (begin.empty())
        return {base::ErrorCode::file, "the file is empty; not a capture file (pcap or pcapng)"};
    return {base::ErrorCode::file,
            foreign_format(begin, file_name).value_or("not a capture file (pcap or pcapng)")};
}

}  // namespace

base::Result<std::unique_ptr<CaptureReader>> open_capture(InputStream& stream, const std::string& file_name) {
    const Want state = stream.want_waiting(kMagicBytes);
    if (state == Want::failed) return std::unexpected(stream.error());
    if (state != Want::enough) return std::unexpected(not_a_capture(stream, file_name));
    const auto first = stream.bytes(kMagicBytes);
    if (PcapReader::begins_with_magic(first)) return opened(PcapReader::open(stream));
    if (PcapngReader::begins_with_magic(first)) return opened(PcapngReader::open(stream));
    return std::unexpected(not_a_capture(stream, file_name));
}

std::uint32_t captured_limit(std::uint32_t snapshot_length) {
    return std::clamp(snapshot_length, kSnapshotLength, kCapturedLimit);
}

base::Error stream_error(const InputStream& stream, Want state, const std::string& what) {
    if (state != Want::failed)
        return {base::ErrorCode::file,
                "the file is truncated " + what + " (byte " + std::to_string(stream.offset()) + ")"};
    return {stream.error().code, stream.error().message + ", " + what};
}

base::Error stream_error(const InputStream& stream, Want state, std::uint64_t packets, bool in_packet) {
    if (in_packet)
        return stream_error(stream, state, "in the middle of packet " + std::to_string(packets + 1));
    if (packets == 0) return stream_error(stream, state, "before its first packet");
    return stream_error(stream, state, "after packet " + std::to_string(packets));
}

base::Error damage(const InputStream& stream, const std::string& what) {
    return {base::ErrorCode::file,
            "the file is damaged at byte " + std::to_string(stream.offset()) + ": " + what};
}

}  // namespace packetsentry::capture
