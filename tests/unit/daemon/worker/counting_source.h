// A source of packets that a test or a benchmark stands in for: it counts like one, and whoever owns it hands
// the packets to the recorder.
#pragma once

#include <utility>
#include <vector>

#include "daemon/capture/packet_source.h"

namespace packetsentry::worker {

class CountingSource : public capture::PacketSource {
  public:
    explicit CountingSource(std::vector<capture::SourceInterface> interfaces)
        : interfaces_(std::move(interfaces)) {}

    base::Result<capture::SourceState> read(capture::PacketSink&, std::size_t) override {
        return capture::SourceState::end;
    }
    std::span<const capture::SourceInterface> interfaces() const override { return interfaces_; }
    const capture::SourceCounters& counters() override { return counted; }
    std::vector<int> wait_fds() const override { return {}; }
    std::optional<std::chrono::milliseconds> wait_limit() const override { return std::nullopt; }
    std::optional<capture::SourceEvent> next_event() override { return std::nullopt; }

    capture::SourceCounters counted;

  private:
    std::vector<capture::SourceInterface> interfaces_;
};

}  // namespace packetsentry::worker
