// What a row costs: bytes of a sealed batch, and nanoseconds of dissecting and recording, without a process
// around it.
//   row_cost CAPTURE [ROUNDS=9]
// Reads at most 200,000 packets into memory first; of each time the best round counts. To be run by turns
// with the same program of another build, as the speed of a machine changes.
#include <fcntl.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "daemon/capture/file/file_source.h"
#include "daemon/dissect/dissect.h"
#include "daemon/record/batch_builder.h"

namespace packetsentry::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Nanoseconds = std::chrono::duration<double, std::nano>;

constexpr std::size_t kPacketLimit = 200'000;
constexpr std::size_t kReadAtOnce = 1000;

class Kept : public capture::PacketSink {
  public:
    bool packet(const capture::Packet& packet) override {
        frames_.emplace_back(packet.frame.begin(), packet.frame.end());
        packets_.push_back(packet);
        return packets_.size() < kPacketLimit;
    }
    // The frames stay where they are from now on.
    [[nodiscard]] const std::vector<capture::Packet>& finish() {
        for (std::size_t i = 0; i < packets_.size(); ++i) packets_[i].frame = frames_[i];
        return packets_;
    }
    [[nodiscard]] bool full() const { return packets_.size() >= kPacketLimit; }

  private:
    std::vector<std::vector<std::byte>> frames_;
    std::vector<capture::Packet> packets_;
};

struct Cost {
    double dissecting = 1e18;  // ns a packet
    double recording = 1e18;   // with dissecting
    double bytes = 0;          // a row
};

void dissect_all(const std::vector<capture::Packet>& packets, dissect::Dissection& out) {
    for (const capture::Packet& packet : packets)
        dissect::dissect(packet.frame, packet.wire_bytes, packet.link_type, out);
}

// Gives the bytes of all batches.
std::size_t record_all(const std::vector<capture::Packet>& packets, dissect::Dissection& out,
                       std::span<const capture::SourceInterface> interfaces) {
    record::BatchBuilder builder;
    std::size_t bytes = 0;
    for (const capture::Packet& packet : packets) {
        dissect::dissect(packet.frame, packet.wire_bytes, packet.link_type, out);
        builder.append(packet, out, interfaces);
        if (builder.full()) bytes += builder.seal().size();
    }
    return builder.rows() == 0 ? bytes : bytes + builder.seal().size();
}

void measure(const std::vector<capture::Packet>& packets,
             std::span<const capture::SourceInterface> interfaces, Cost& cost) {
    static dissect::Dissection out;  // a large one
    const auto count = static_cast<double>(packets.size());
    const auto begin = Clock::now();
    dissect_all(packets, out);
    const auto middle = Clock::now();
    cost.bytes = static_cast<double>(record_all(packets, out, interfaces)) / count;
    const auto end = Clock::now();
    cost.dissecting = std::min(cost.dissecting, Nanoseconds(middle - begin).count() / count);
    cost.recording = std::min(cost.recording, Nanoseconds(end - middle).count() / count);
}

int run(const char* path, int rounds) {
    auto source = capture::FileSource::open(base::UniqueFd(::open(path, O_RDONLY | O_CLOEXEC)), {});
    if (!source) return std::fprintf(stderr, "%s\n", source.error().message.c_str()), 1;
    Kept kept;
    for (auto state = (*source)->read(kept, kReadAtOnce); state && *state != capture::SourceState::end;
         state = (*source)->read(kept, kReadAtOnce))
        if (kept.full()) break;
    const std::vector<capture::Packet>& packets = kept.finish();
    if (packets.empty()) return std::fprintf(stderr, "%s: no packets\n", path), 1;
    Cost cost;
    for (int round = 0; round < rounds; ++round) measure(packets, (*source)->interfaces(), cost);
    std::printf("%zu rows: %.1f bytes a row; %.0f ns to dissect a packet, %.0f ns to dissect and record it\n",
                packets.size(), cost.bytes, cost.dissecting, cost.recording);
    return 0;
}

}  // namespace
}  // namespace packetsentry::bench

int main(int count, char** values) {
    if (count < 2) {
        std::fputs("row_cost CAPTURE [ROUNDS]\n", stderr);
        return 1;
    }
    return packetsentry::bench::run(values[1], count > 2 ? std::max(1, std::atoi(values[2])) : 9);
}
