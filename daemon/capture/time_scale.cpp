#include "daemon/capture/time_scale.h"

#include <limits>

namespace packetsentry::capture {
namespace {

constexpr std::int64_t kNanoseconds = 1'000'000'000;
constexpr unsigned kNanosecondDigits = 9;
constexpr unsigned kDivisorDigits = 19;  // 10^19 is the last that fits, and leaves 1 of any 64-bit count
constexpr std::uint8_t kPowerOfTwo = 0x80;
constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kEarliest = std::numeric_limits<std::int64_t>::min();

constexpr std::uint64_t power_of_ten(unsigned exponent) {
    std::uint64_t power = 1;
    for (unsigned i = 0; i < exponent; ++i) power *= 10;
    return power;
}

std::int64_t saturating_product(std::int64_t a, std::int64_t b) {
    std::int64_t product = 0;
    if (!__builtin_mul_overflow(a, b, &product)) return product;
    return (a < 0) == (b < 0) ? kLatest : kEarliest;
}

std::int64_t saturating_sum(std::int64_t a, std::int64_t b) {
    std::int64_t sum = 0;
    if (!__builtin_add_overflow(a, b, &sum)) return sum;
    return b > 0 ? kLatest : kEarliest;
}

}  // namespace

TimeScale::TimeScale(std::uint8_t resolution, std::int64_t offset_seconds)
    : offset_ns_(saturating_product(offset_seconds, kNanoseconds)) {
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

std::int64_t TimeScale::nanoseconds(std::uint64_t ticks) const {
    if (divisor_ != 1) return saturating_sum(static_cast<std::int64_t>(ticks / divisor_), offset_ns_);
    const unsigned __int128 scaled = static_cast<unsigned __int128>(ticks) * multiplier_ >> shift_;
    const auto whole =
        scaled > static_cast<unsigned __int128>(kLatest) ? kLatest : static_cast<std::int64_t>(scaled);
    return saturating_sum(whole, offset_ns_);
}

}  // namespace packetsentry::capture
