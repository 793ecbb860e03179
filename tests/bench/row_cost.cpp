// What a row costs: bytes of a sealed batch, and nanoseconds of dissecting, of recording, and of saving or
// keeping the packet too, up to the bytes that a thread would write. There is no process around it.
//   row_cost CAPTURE [ROUNDS=9]
// Reads at most 200,000 packets into memory first; of each time the best round counts. To be run by turns
// with the same program of another build, as the speed of a machine changes.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "daemon/dissect/dissect.h"
#include "daemon/record/batch_builder.h"
#include "daemon/spool/write/segment_writer.h"
#include "tests/bench/packets_in_memory.h"

namespace packetsentry::bench {
namespace {

// Nanoseconds that this thread has had a processor. What others do meanwhile does not count, but for the
// caches.
double processor_time() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return 1e9 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec);
}

struct Cost {
    // Nanoseconds a packet. Recording includes dissecting, and the last two include recording.
    double dissecting = 1e18;
    double recording = 1e18;
    double saving = 1e18;
    double keeping = 1e18;
    double bytes = 0;  // a row
};

// Nothing becomes of what it is given.
class NoOutput : public spool::SegmentOutput {
  public:
    capture::OutputChunk give_packets(capture::OutputChunk chunk) override {
        return emptied(std::move(chunk));
    }
    capture::OutputChunk give_rows(capture::OutputChunk chunk, const spool::SegmentProgress&) override {
        return emptied(std::move(chunk));
    }

  private:
    static capture::OutputChunk emptied(capture::OutputChunk chunk) {
        chunk.clear();
        return chunk;
    }
};

void dissect_all(const std::vector<capture::Packet>& packets, dissect::Dissection& out) {
    for (const capture::Packet& packet : packets)
        dissect::dissect(packet.frame, packet.wire_bytes, packet.link_type, out);
}

// Gives the bytes of all batches. also(): what else becomes of each packet. ends(): the batch is about to be
// sealed.
template <typename Also, typename Ends>
std::size_t record_all(const PacketsInMemory& capture, dissect::Dissection& out,
                       record::BatchBuilder& builder, Also also, Ends ends) {
    std::size_t bytes = 0;
    const auto seal = [&] {
        ends();
        return builder.seal().size();
    };
    for (const capture::Packet& packet : capture.packets()) {
        dissect::dissect(packet.frame, packet.wire_bytes, packet.link_type, out);
        also(packet);
        builder.append(packet, out, capture.interfaces());
        if (builder.full()) bytes += seal();
    }
    return builder.rows() == 0 ? bytes : bytes + seal();
}

template <typename Also>
std::size_t record_all(const PacketsInMemory& capture, dissect::Dissection& out, Also also) {
    record::BatchBuilder builder;
    return record_all(capture, out, builder, also, [] {});
}

void save_all(const PacketsInMemory& capture, dissect::Dissection& out) {
    spool::SegmentPackets saved;
    saved.begin();
    saved.describe(0, capture.interfaces().front());
    (void)record_all(capture, out, [&](const capture::Packet& packet) {
        (void)saved.append(packet);
        if (saved.chunk().full()) saved.chunk().clear();
    });
}

void keep_all(const PacketsInMemory& capture, dissect::Dissection& out) {
    NoOutput output;
    // As many as a worker cuts together at 100,000 packets a second.
    record::BatchBuilder builder({.rows = 2000});
    spool::SegmentWriter writer(output, 1);
    writer.take_rows_of(builder);
    writer.begin({.kind = spool::FileKind::rows, .table = wire::TABLE_PACKETS, .job = 1, .counter = 1}, {});
    std::uint64_t rows = 0;
    const auto keep = [&](const capture::Packet& packet) {
        writer.append(spool::BatchedPacket{++rows, packet, capture.interfaces()}, {});
    };
    (void)record_all(capture, out, builder, keep, [&] { writer.take_rows(); });
    writer.end();
}

template <typename Work>
void time(double& best, std::size_t packets, Work work) {
    const double begin = processor_time();
    work();
    best = std::min(best, (processor_time() - begin) / static_cast<double>(packets));
}

void measure(const PacketsInMemory& capture, Cost& cost) {
    static dissect::Dissection out;  // a large one
    const std::size_t packets = capture.packets().size();
    time(cost.dissecting, packets, [&] { dissect_all(capture.packets(), out); });
    std::size_t bytes = 0;
    time(cost.recording, packets, [&] { bytes = record_all(capture, out, [](const capture::Packet&) {}); });
    time(cost.saving, packets, [&] { save_all(capture, out); });
    time(cost.keeping, packets, [&] { keep_all(capture, out); });
    cost.bytes = static_cast<double>(bytes) / static_cast<double>(packets);
}

int run(const char* path, int rounds) {
    PacketsInMemory capture;
    if (!capture.read(path)) return 1;
    Cost cost;
    for (int round = 0; round < rounds; ++round) measure(capture, cost);
    std::printf("%zu rows: %.1f bytes a row; %.0f ns to dissect a packet, %.0f ns to dissect and record it\n",
                capture.packets().size(), cost.bytes, cost.dissecting, cost.recording);
    std::printf("%.0f ns to save it besides, %.0f ns to keep it in the spool\n", cost.saving - cost.recording,
                cost.keeping - cost.recording);
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
