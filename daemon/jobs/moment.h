// A moment on both clocks.
#pragma once

#include <chrono>
#include <cstdint>

namespace packetsentry::jobs {

// The wall clock dates what people read; the steady clock measures, because nobody can set it. Whoever needs
// the time is given a Moment, so that tests can pass their own.
struct Moment {
    std::int64_t wall_ns = 0;
    std::chrono::steady_clock::time_point steady;
};

[[nodiscard]] Moment now();

}  // namespace packetsentry::jobs
