// The first packets of a capture, in memory.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "daemon/capture/packet_source.h"

namespace packetsentry::bench {

class PacketsInMemory : private capture::PacketSink {
  public:
    // Reads at most limit packets of the file. If there are none, it says why on the standard error.
    [[nodiscard]] bool read(const char* path, std::size_t limit = 200'000);

    [[nodiscard]] const std::vector<capture::Packet>& packets() const { return packets_; }
    [[nodiscard]] std::span<const capture::SourceInterface> interfaces() const {
        return source_->interfaces();
    }

  private:
    bool packet(const capture::Packet& packet) override;

    std::size_t limit_ = 0;
    std::unique_ptr<capture::PacketSource> source_;
    std::vector<std::vector<std::byte>> frames_;
    std::vector<capture::Packet> packets_;
};

}  // namespace packetsentry::bench
