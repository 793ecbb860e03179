// Reads pcap files (draft-ietf-opsawg-pcap): both byte orders, micro- and nanoseconds, and the kinds that
// pcap_variant.h tells of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "daemon/base/result.h"
#include "daemon/capture/file/capture_reader.h"
#include "daemon/capture/file/input_stream.h"
#include "daemon/capture/file/pcap_variant.h"
#include "daemon/capture/packet.h"
#include "daemon/capture/packet_source.h"

namespace packetsentry::capture {

//  File head, 24 bytes                          Record head, 16 bytes
//   0 magic  4 major  6 minor  8 reserved (8)    0 seconds          4 micro- or nanoseconds
//  16 snapshot length  20 link type (low 16)     8 captured length  12 length on the wire
class PcapReader : public CaptureReader {
  public:
    [[nodiscard]] static bool begins_with_magic(std::span<const std::byte> first);
    [[nodiscard]] static base::Result<std::unique_ptr<PcapReader>> open(InputStream& stream);

    PcapReader(InputStream& stream, const PcapVariant& variant, std::uint32_t snapshot_length);
    [[nodiscard]] base::Result<Step> next(Packet& packet) override;
    [[nodiscard]] std::span<const SourceInterface> interfaces() const override { return {&interface_, 1}; }

  private:
    [[nodiscard]] base::Result<Step> stopped(Want state) const;
    [[nodiscard]] base::Error damaged(std::uint32_t captured) const;

    InputStream& stream_;
    PcapVariant variant_;
    SourceInterface interface_;
    std::uint32_t limit_;
    std::uint64_t packets_ = 0;
};

}  // namespace packetsentry::capture
