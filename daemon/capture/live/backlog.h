// Packets that were copied out of the kernel's rings, in their order, until there is time for them.
#pragma once

#include <cstddef>
#include <vector>

#include "daemon/capture/packet_source.h"

namespace packetsentry::capture {

// A ring hands its blocks over every few milliseconds, full or not, and so holds little more than a second of
// packets that come steadily. To copy one takes far less time than to dissect it: whoever is behind copies
// what is there, and the ring is empty again. Has memory only while it holds something.
class Backlog final : public PacketSink {
  public:
    static constexpr std::size_t kBytes = 64U << 20;
    static constexpr std::size_t kPackets = 512U << 10;

    // Keeps a copy. false: there is no room for another.
    bool packet(const Packet& packet) override;

    struct Given {
        std::size_t packets = 0;
        bool stopped = false;  // by the sink
    };
    // The oldest, at most limit, which are then forgotten.
    [[nodiscard]] Given give(PacketSink& sink, std::size_t limit);

    [[nodiscard]] bool empty() const { return next_ == kept_.size(); }
    [[nodiscard]] bool full() const { return bytes_.size() >= kBytes || kept_.size() >= kPackets; }

  private:
    struct Kept {
        Packet packet;  // its frames are put in when it is given
        std::size_t begin = 0;
        std::size_t size = 0;
    };
    [[nodiscard]] std::span<const std::byte> frame_of(const Kept& kept) const {
        return std::span(bytes_).subspan(kept.begin, kept.size);
    }

    std::vector<std::byte> bytes_;
    std::vector<Kept> kept_;
    std::size_t next_ = 0;
};

}  // namespace packetsentry::capture
