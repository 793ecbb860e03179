// Writes nanosecond pcap (draft-ietf-opsawg-pcap; pcap_reader.h shows the bytes).
#pragma once

#include <cstdint>
#include <span>
#include <utility>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/capture/file/capture_writer.h"

namespace packetsentry::capture {

class PcapWriter final : public CaptureWriter {
  public:
    PcapWriter(base::UniqueFd output, Compression compression, bool continued)
        : CaptureWriter(std::move(output), compression), continued_(continued) {}

    [[nodiscard]] base::Result<void> write(const Packet& packet,
                                           std::span<const SourceInterface> interfaces) override;
    void from_the_head() override { continued_ = false; }
    void put_counts(std::span<const SourceInterface>, std::int64_t) override {}
    void put_comments(std::span<const std::string>) override {}

  protected:
    [[nodiscard]] base::Result<void> put_head(std::span<const SourceInterface> interfaces) override;
    void begin_file() override { begun_ = continued_ = false; }

  private:
    [[nodiscard]] base::Result<void> begin(std::span<const SourceInterface> interfaces);

    bool continued_;
    bool begun_ = false;
    std::uint32_t link_type_ = 0;
};

}  // namespace packetsentry::capture
