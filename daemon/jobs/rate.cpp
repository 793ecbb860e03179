#include "daemon/jobs/rate.h"

namespace packetsentry::jobs {
namespace {

constexpr std::chrono::milliseconds kApart{250};

}  // namespace

void Rate::sample(Time now, std::uint64_t packets, std::uint64_t bytes) {
    if (samples_.size() > 1 && now - samples_[samples_.size() - 2].time < kApart) samples_.pop_back();
    samples_.push_back({now, packets, bytes});
    while (samples_.size() > 2 && now - samples_[1].time >= kSpan) samples_.pop_front();
}

double Rate::per_second(Time now, std::uint64_t Sample::*total) const {
    if (samples_.size() < 2 || now - samples_.back().time > kSpan) return 0;
    const std::chrono::duration<double> seconds = now - samples_.front().time;
    if (seconds.count() <= 0) return 0;
    return static_cast<double>(samples_.back().*total - samples_.front().*total) / seconds.count();
}

double Rate::packets_per_second(Time now) const {
    return per_second(now, &Sample::packets);
}

double Rate::bytes_per_second(Time now) const {
    return per_second(now, &Sample::bytes);
}

}  // namespace packetsentry::jobs
