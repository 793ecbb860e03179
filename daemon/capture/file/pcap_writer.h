// Writes nanosecond pcap (draft-ietf-opsawg-pcap; pcap_reader.h shows the bytes).
#pragma once

#include <cstdint>
#include <span>
#include <utility>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/capture/file/capture_writer.h"
#include "daemon/capture/file/output_buffer.h"

namespace packetsentry::capture {

class PcapWriter final : public CaptureWriter {
  public:
    PcapWriter(base::UniqueFd output, bool continued) : out_(std::move(output)), continued_(continued) {}

    [[nodiscard]] base::Result<void> write(const Packet& packet,
                                           std::span<const SourceInterface> interfaces) override;
    [[nodiscard]] base::Result<void> flush(std::span<const SourceInterface> interfaces) override;
    void from_the_head() override { continued_ = false; }
    void put_counts(std::span<const SourceInterface>, std::int64_t) override {}
    void never_wait() override { out_.never_wait(); }
    [[nodiscard]] base::Result<void> flush_within(std::chrono::milliseconds time) override {
        return out_.flush_within(time);
    }
    [[nodiscard]] base::Result<void> sync() override { return out_.sync(); }
    [[nodiscard]] std::uint64_t packets_refused() const override { return out_.packets_refused(); }
    [[nodiscard]] std::uint64_t packets() const override { return out_.packets(); }
    [[nodiscard]] std::uint64_t packets_written() const override { return out_.packets_written(); }
    [[nodiscard]] std::uint64_t bytes() const override { return out_.bytes(); }
    [[nodiscard]] std::uint64_t bytes_waiting() const override { return out_.bytes_waiting(); }

  private:
    [[nodiscard]] base::Result<void> begin(std::span<const SourceInterface> interfaces);

    OutputBuffer out_;
    bool continued_;
    bool begun_ = false;
    std::uint32_t link_type_ = 0;
};

}  // namespace packetsentry::capture
