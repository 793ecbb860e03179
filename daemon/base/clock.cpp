#include "daemon/base/clock.h"

#include <atomic>
#include <ctime>

namespace packetsentry::base {
namespace {

// Other threads ask for the time too: of the log, of descriptors that are being closed.
std::atomic<std::int64_t> ahead_ns{0};
std::atomic<bool> movable{false};

}  // namespace

SteadyClock::time_point SteadyClock::now() {
    return std::chrono::steady_clock::now() +
           std::chrono::nanoseconds(ahead_ns.load(std::memory_order_relaxed));
}

std::int64_t wall_clock_ns() {
    timespec wall{};
    ::clock_gettime(CLOCK_REALTIME, &wall);
    return wall.tv_sec * 1'000'000'000LL + wall.tv_nsec + ahead_ns.load(std::memory_order_relaxed);
}

MovableClocks::MovableClocks() {
    movable = true;
}

MovableClocks::~MovableClocks() {
    movable = false;
    ahead_ns = 0;
}

void MovableClocks::advance(std::chrono::nanoseconds time) {
    ahead_ns += time.count();
}

bool clocks_are_movable() {
    return movable.load(std::memory_order_relaxed);
}

}  // namespace packetsentry::base
