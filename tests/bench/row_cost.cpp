// What a row costs: bytes of a sealed batch, and nanoseconds of dissecting and recording, without a process
// around it.
//   row_cost CAPTURE [ROUNDS=9]
// Reads at most 200,000 packets into memory first; of each time the best round counts. To be run by turns
// with the same program of another build, as the speed of a machine changes.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "daemon/dissect/dissect.h"
#include "daemon/record/batch_builder.h"
#include "tests/bench/packets_in_memory.h"

namespace packetsentry::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Nanoseconds = std::chrono::duration<double, std::nano>;

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
    PacketsInMemory capture;
    if (!capture.read(path)) return 1;
    const std::vector<capture::Packet>& packets = capture.packets();
    Cost cost;
    for (int round = 0; round < rounds; ++round) measure(packets, capture.interfaces(), cost);
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
