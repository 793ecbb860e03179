// The kernel's own counts of each interface, which are the upper limit of what a job can have missed.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "daemon/base/result.h"

namespace packetsentry::jobs {

inline constexpr std::string_view kAny = "any";  // stands for all interfaces

struct InterfaceCounts {
    std::uint32_t index = 0;    // stays the same while the interface exists, also under another name
    std::uint32_t packets = 0;  // in both directions; wraps
    std::uint32_t dropped = 0;  // by the interface, because it had no memory or buffers; wraps
};

// The counts of the interfaces that exist now, by name. There is no entry for "any".
using InterfaceTable = std::map<std::string, InterfaceCounts, std::less<>>;
[[nodiscard]] InterfaceTable read_interface_counts();

// Adds up how much the counts of several interfaces have grown since the first reading, in 64 bits. For an
// interface that was not there at the first reading, everything counts.
class InterfaceGrowth {
  public:
    // Takes the next reading. If "any" is among the names, all interfaces in the table are counted.
    void read(const InterfaceTable& table, std::span<const std::string> names);

    [[nodiscard]] std::uint64_t packets() const { return packets_; }
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

  private:
    void add_growth(const InterfaceCounts& now);

    bool first_ = true;
    std::map<std::uint32_t, InterfaceCounts> last_;  // by index
    std::uint64_t packets_ = 0;
    std::uint64_t dropped_ = 0;
};

}  // namespace packetsentry::jobs
