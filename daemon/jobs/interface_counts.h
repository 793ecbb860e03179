// What the kernel counts of interfaces, whoever captures: the bound of what a job can have missed.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "daemon/base/result.h"

namespace packetsentry::jobs {

struct InterfaceCounts {
    std::uint32_t packets = 0;  // both directions; wraps
    std::uint32_t dropped = 0;  // by the interface, for want of memory or buffers; wraps
};

// By name: those there are now. No entry for "any".
using InterfaceTable = std::map<std::string, InterfaceCounts, std::less<>>;
[[nodiscard]] InterfaceTable read_interface_counts();

// The growth of several interfaces' counts in 64 bits, from one reading to the next. One that is new
// counts from its first reading.
class InterfaceGrowth {
  public:
    // "any" among the names: all there are.
    void read(const InterfaceTable& table, std::span<const std::string> names);

    [[nodiscard]] std::uint64_t packets() const { return packets_; }
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

  private:
    void read_one(const std::string& name, const InterfaceCounts& now);

    InterfaceTable last_;
    std::uint64_t packets_ = 0;
    std::uint64_t dropped_ = 0;
};

}  // namespace packetsentry::jobs
