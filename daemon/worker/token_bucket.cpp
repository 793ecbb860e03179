#include "daemon/worker/token_bucket.h"

#include <algorithm>

namespace packetsentry::worker {

TokenBucket::TokenBucket(std::uint64_t per_second, Time now)
    : per_second_(static_cast<double>(per_second)), tokens_(std::max(1.0, per_second_ / 10)), filled_(now) {}

bool TokenBucket::take(Time now) {
    const std::chrono::duration<double> passed = now - filled_;
    filled_ = now;
    tokens_ = std::min(std::max(1.0, per_second_), tokens_ + passed.count() * per_second_);
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
}

}  // namespace packetsentry::worker
