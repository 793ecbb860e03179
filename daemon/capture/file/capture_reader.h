// The formats of capture files, one reader each.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "daemon/base/result.h"
#include "daemon/capture/file/input_stream.h"
#include "daemon/capture/packet.h"
#include "daemon/capture/packet_source.h"

namespace packetsentry::capture {

// A packet longer than kSnapshotLength is taken as damage. A file that states a larger snapshot length may
// have longer ones, up to kCapturedLimit.
inline constexpr std::uint32_t kSnapshotLength = 262144;
inline constexpr std::uint32_t kCapturedLimit = 512 * 1024;

class CaptureReader {
  public:
    enum class Step : std::uint8_t {
        packet,
        more,     // none yet, but a good deal was passed over: call again
        waiting,  // a pipe has no more now
        end,
    };

    virtual ~CaptureReader() = default;

    // Error: file, the input is damaged or cut here; nothing is to be read after it.
    [[nodiscard]] virtual base::Result<Step> next(Packet& packet) = 0;
    [[nodiscard]] virtual std::span<const SourceInterface> interfaces() const = 0;
};

// Reads the head, and in pcapng what comes before the first packet, waiting for a pipe; so the
// interfaces are known as far as the file tells them first. Error: file. stream must outlive it. file_name:
// for the error.
[[nodiscard]] base::Result<std::unique_ptr<CaptureReader>> open_capture(InputStream& stream,
                                                                        const std::string& file_name = "");

// The longest captured length to believe where the file states this snapshot length.
[[nodiscard]] std::uint32_t captured_limit(std::uint32_t snapshot_length);

// What to tell where the stream had less than the format needs. what: "in the middle of packet 12".
[[nodiscard]] base::Error stream_error(const InputStream& stream, Want state, const std::string& what);
// Tells the same for a stream that ended after so many whole packets. in_packet: it ended in the middle of
// the next one.
[[nodiscard]] base::Error stream_error(const InputStream& stream, Want state, std::uint64_t packets,
                                       bool in_packet);
// "the file is damaged at byte 4711: WHAT"
[[nodiscard]] base::Error damage(const InputStream& stream, const std::string& what);

}  // namespace packetsentry::capture
