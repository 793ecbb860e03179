#include "tests/bench/packets_in_memory.h"

#include <fcntl.h>

#include <cstdio>
#include <utility>

#include "daemon/capture/file/file_source.h"

namespace packetsentry::bench {
namespace {

constexpr std::size_t kReadAtOnce = 1000;

}  // namespace

bool PacketsInMemory::packet(const capture::Packet& packet) {
    frames_.emplace_back(packet.frame.begin(), packet.frame.end());
    packets_.push_back(packet);
    return packets_.size() < limit_;
}

bool PacketsInMemory::read(const char* path, std::size_t limit) {
    auto source = capture::FileSource::open(base::UniqueFd(::open(path, O_RDONLY | O_CLOEXEC)), {});
    if (!source) return std::fprintf(stderr, "%s\n", source.error().message.c_str()), false;
    source_ = std::move(*source);
    limit_ = limit;
    while (packets_.size() < limit_) {
        const auto state = source_->read(*this, kReadAtOnce);
        if (!state || *state == capture::SourceState::end) break;
    }
    if (packets_.empty()) return std::fprintf(stderr, "%s: no packets\n", path), false;
    for (std::size_t i = 0; i < packets_.size(); ++i) packets_[i].frame = frames_[i];
    return true;
}

}  // namespace packetsentry::bench
