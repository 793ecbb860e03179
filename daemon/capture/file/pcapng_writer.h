// Writes pcapng (draft-ietf-opsawg-pcapng): one section, nanoseconds.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/capture/file/capture_writer.h"
#include "daemon/capture/file/described_interfaces.h"

namespace packetsentry::capture {

// An interface is described before its first packet. A packet without a time, or with one before 1970,
// becomes a simple packet block where that can hold it, else it gets the time 0.
class PcapngWriter final : public CaptureWriter {
  public:
    PcapngWriter(base::UniqueFd output, Compression compression);

    [[nodiscard]] base::Result<void> write(const Packet& packet,
                                           std::span<const SourceInterface> interfaces) override;
    void from_the_head() override {}
    void put_counts(std::span<const SourceInterface> interfaces, std::int64_t time_ns) override;
    void put_comments(std::span<const std::string> comments) override;

  protected:
    [[nodiscard]] base::Result<void> put_head(std::span<const SourceInterface> interfaces) override;
    void begin_file() override;

  private:
    void begin_section(std::span<const std::string> comments = {});
    // Its number in the section; described first where it is new.
    [[nodiscard]] std::uint32_t number_of(std::uint32_t index, const SourceInterface& interface);

    bool begun_ = false;
    DescribedInterfaces described_;
};

}  // namespace packetsentry::capture
