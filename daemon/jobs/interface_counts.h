// What the kernel counts of interfaces, whoever captures: the bound of what a job can have missed.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "daemon/base/result.h"

namespace packetsentry::jobs {

inline constexpr std::string_view kAny = "any";  // names no interface, but all there are

struct InterfaceCounts {
    std::uint32_t index = 0;    // the interface's for as long as it exists, whatever its name
    std::uint32_t packets = 0;  // both directions; wraps
    std::uint32_t dropped = 0;  // by the interface, for want of memory or buffers; wraps
};

// By name: those there are now. No entry for "any".
using InterfaceTable = std::map<std::string, InterfaceCounts, std::less<>>;
[[nodiscard]] InterfaceTable read_interface_counts();

// The growth of several interfaces' counts in 64 bits, from one reading to the next. One that is not among
// those of the first reading counts from its beginning.
class InterfaceGrowth {
  public:
    // "any" among the names: all there are.
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
