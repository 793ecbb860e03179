// What the tables that are made of several packets cost beside the rows of packets: nanoseconds of the thread
// of a worker that reads a file, up to the bytes that it sends.
//   table_cost CAPTURE [ROUNDS=9]
// Reads at most 200,000 packets into memory first. The ways are measured by turns, and of each the best round
// counts, because the speed of a machine changes.
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "daemon/worker/recorder.h"
#include "tests/bench/packets_in_memory.h"
#include "tests/unit/daemon/worker/counting_source.h"

namespace packetsentry::bench {
namespace {

double processor_time_of_thread() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return 1e9 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec);
}

// Takes what is sent, on a thread of its own.
class Drain {
  public:
    explicit Drain(int fd)
        : thread_([fd] {
              std::vector<char> room(1U << 20);
              while (::read(fd, room.data(), room.size()) > 0) continue;
          }) {}

  private:
    std::jthread thread_;
};

struct Way {
    const char* name;
    std::optional<worker::FlowRows::Wanted> flows;
    std::vector<wire::Table> transactions;
    double best = 1e18;  // nanoseconds a packet
};

[[nodiscard]] bool record_all(const PacketsInMemory& capture, const Way& way) {
    std::array<int, 2> fds{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()) != 0) return false;
    const base::UniqueFd read_end(fds[1]);
    const Drain drain(read_end.get());
    worker::Link link{base::UniqueFd(fds[0])};
    const auto interfaces = capture.interfaces();
    worker::CountingSource source({interfaces.begin(), interfaces.end()});
    worker::Recorder recorder(worker::CaptureMode::file, source, nullptr, link);
    if (way.flows) recorder.make_flows(*way.flows, false);
    for (const wire::Table table : way.transactions) recorder.make_transactions(table);
    for (const capture::Packet& packet : capture.packets()) {
        ++source.counted.delivered;
        (void)recorder.packet(packet);
        if (recorder.batch_full() && !recorder.cut()) return false;
    }
    return recorder.cut() && recorder.end_derived();
}

int run(const char* path, int rounds) {
    using Wanted = worker::FlowRows::Wanted;
    PacketsInMemory capture;
    if (!capture.read(path)) return 1;
    std::vector<Way> ways = {
        {"packets alone", std::nullopt, {}},
        {"packets with notes of TCP", Wanted::only_notes, {}},
        {"packets and flows", Wanted::rows, {}},
        {"packets and dns", std::nullopt, {wire::TABLE_DNS}},
        {"packets and http", std::nullopt, {wire::TABLE_HTTP}},
        {"packets and tls", std::nullopt, {wire::TABLE_TLS}},
        {"all tables", Wanted::rows, {wire::TABLE_DNS, wire::TABLE_HTTP, wire::TABLE_TLS}},
    };
    for (int round = 0; round < rounds; ++round)
        for (Way& way : ways) {
            const double begin = processor_time_of_thread();
            if (!record_all(capture, way)) return 1;
            const double taken = processor_time_of_thread() - begin;
            way.best = std::min(way.best, taken / static_cast<double>(capture.packets().size()));
        }
    for (const Way& way : ways)
        std::printf("%-26s %6.0f ns a packet, %.2f times packets alone\n", way.name, way.best,
                    way.best / ways.front().best);
    return 0;
}

}  // namespace
}  // namespace packetsentry::bench

int main(int count, char** values) {
    if (count < 2) {
        std::fputs("table_cost CAPTURE [ROUNDS]\n", stderr);
        return 1;
    }
    return packetsentry::bench::run(values[1], count > 2 ? std::max(1, std::atoi(values[2])) : 9);
}
