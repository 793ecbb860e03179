#include "ctl/options/typed_quantity.h"

#include <limits>
#include <string>

#include "daemon/base/quantity.h"

namespace packetsentry::ctl {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 60;
constexpr std::uint64_t kMostPackets = std::numeric_limits<std::int64_t>::max();

std::unexpected<base::Error> is_not(std::string_view text, const std::string& wanted,
                                    base::ErrorCode code = base::ErrorCode::usage) {
    return base::fail(code, "'" + std::string(text) + "' is not " + wanted);
}

}  // namespace

base::Result<std::uint64_t> parse_size(std::string_view text) {
    const auto bytes = base::parse_size(text, base::Bare::refused);
    const bool one_word = !text.contains(' ');  // in a file of settings a blank before the unit is usual
    if (bytes && one_word && *bytes >= 1 && *bytes <= kMostBytes) return *bytes;
    return is_not(text,
                  "a size: write a number and B, kB, KiB, MB, MiB, GB or GiB, as in 10MiB, from 1B to "
                  "1073741824GiB");
}

base::Result<std::uint64_t> parse_duration(std::string_view text) {
    const auto time = base::parse_duration(text, base::Bare::taken);
    if (time && *time != 0) return *time;
    return is_not(text,
                  "a duration: write numbers with d, h, m, s or ms, as in 60s or 1h30m, from 1ms to "
                  "9223372036s");
}

base::Result<std::uint64_t> parse_count(std::string_view text) {
    return parse_number(
        text, {.noun = "a number of packets", .low = 1, .high = kMostPackets, .example = "packets:100"});
}

base::Result<std::uint64_t> parse_number(std::string_view text, const NumberKind& kind) {
    const auto number = base::parse_number(text);
    if (number && *number >= kind.low && *number <= kind.high) return *number;
    return is_not(text,
                  std::string(kind.noun) + ": write a number from " + std::to_string(kind.low) + " to " +
                      std::to_string(kind.high) + ", as in " + kind.example,
                  kind.code);
}

}  // namespace packetsentry::ctl
