#include "daemon/capture/live/backlog.h"

#include <span>

namespace packetsentry::capture {

bool Backlog::packet(const Packet& packet) {
    kept_.push_back({packet, bytes_.size(), packet.frame.size()});
    kept_.back().packet.frame = {};
    bytes_.insert(bytes_.end(), packet.frame.begin(), packet.frame.end());
    return !full();
}

Backlog::Given Backlog::give(PacketSink& sink, std::size_t limit) {
    Given given;
    while (!empty() && given.packets < limit && !given.stopped) {
        Kept& kept = kept_[next_++];
        kept.packet.frame = frame_of(kept);
        kept.packet.next_frame = empty() ? std::span<const std::byte>() : frame_of(kept_[next_]);
        ++given.packets;
        given.stopped = !sink.packet(kept.packet);
    }
    if (empty()) *this = Backlog();
    return given;
}

}  // namespace packetsentry::capture
