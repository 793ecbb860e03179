// From a capture file's clock to nanoseconds since 1970.
#pragma once

#include <cstdint>
#include <optional>

namespace packetsentry::capture {

// The clock of one interface of a pcapng file (draft-ietf-opsawg-pcapng, if_tsresol and if_tsoffset).
class TimeScale {
  public:
    // resolution: a tick is 10^-n seconds, or with the highest bit set 2^-n.
    explicit TimeScale(std::uint8_t resolution = 6, std::int64_t offset_seconds = 0);

    // Nothing where the time does not fit into 64 bits of nanoseconds: before 1677, or after 2262.
    [[nodiscard]] std::optional<std::int64_t> nanoseconds(std::uint64_t ticks) const;

  private:
    std::uint64_t multiplier_ = 1;
    std::uint64_t divisor_ = 1;
    unsigned shift_ = 0;
    std::int64_t offset_seconds_ = 0;
};

}  // namespace packetsentry::capture
