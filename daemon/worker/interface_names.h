// Names of the system's interfaces by index, for captures on "any".
#pragma once

#include <net/if.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace packetsentry::worker {

// Remembers a bounded number of names; the system is asked once an index.
class InterfaceNames {
  public:
    // "" where the system knows none. Valid until the next call.
    [[nodiscard]] std::string_view name(std::uint32_t index);

  private:
    struct Entry {
        std::uint32_t index = 0;
        std::array<char, IF_NAMESIZE> name{};
    };
    std::array<Entry, 64> entries_{};  // by index modulo its size
};

}  // namespace packetsentry::worker
