#include "daemon/capture/file/time_scale.h"

#include <limits>

namespace packetsentry::capture {
namespace {

constexpr std::int64_t kNanoseconds = 1'000'000'000;
constexpr unsigned kNanosecondDigits = 9;
constexpr unsigned kDivisorDigits = 19;  // 10^19 is the last that fits, and leaves 1 of any 64-bit count
constexpr std::uint8_t kPowerOfTwo = 0x80;

constexpr std::uint64_t power_of_ten(unsigned exponent) {
    std::uint64_t power = 1;
    for (unsigned i = 0; i < exponent; ++i) power *= 10;
    return power;
}

}  // namespace

TimeScale::TimeScale(std::uint8_t resolution, std::int64_t offset_seconds) : offset_seconds_(offset_seconds) {
    const unsigned exponent = resolution & (kPowerOfTwo - 1U);
    if ((resolution & kPowerOfTwo) != 0) {
        multiplier_ = kNanoseconds;
        shift_ = exponent;
    } else if (exponent <= kNanosecondDigits) {
        multiplier_ = power_of_ten(kNanosecondDigits - exponent);
    } else if (exponent - kNanosecondDigits <= kDivisorDigits) {
        divisor_ = power_of_ten(exponent - kNanosecondDigits);
    } else {
        multiplier_ = 0;  // so fine that 2^64 ticks are no nanosecond
    }
}

// Neither the ticks nor the offset reaches 2^94 nanoseconds, so 128 bits hold their sum.
std::optional<std::int64_t> TimeScale::nanoseconds(std::uint64_t ticks) const {
    using Limits = std::numeric_limits<std::int64_t>;
    const auto scaled = static_cast<unsigned __int128>(ticks / divisor_) * multiplier_ >> shift_;
    const __int128 time =
        static_cast<__int128>(scaled) + static_cast<__int128>(offset_seconds_) * kNanoseconds;
    if (time < Limits::min() || time > Limits::max()) return std::nullopt;
    return static_cast<std::int64_t>(time);
}

}  // namespace packetsentry::capture
