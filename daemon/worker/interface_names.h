// Names of the system's interfaces by index, for captures on "any".
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "daemon/capture/live/interface_state.h"

namespace packetsentry::worker {

// Remembers a bounded number of names; the system is asked once an index.
class InterfaceNames {
  public:
    // socket: one to ask through; -1: there are none, the indices being another machine's.
    explicit InterfaceNames(int socket) : socket_(socket) {}

    // "" where the system knows none. Valid until the next call.
    [[nodiscard]] std::string_view name(std::uint32_t index);

  private:
    struct Entry {
        std::uint32_t index = 0;
        capture::InterfaceName name{};
    };
    int socket_;
    std::array<Entry, 64> entries_{};  // by index modulo its size
};

}  // namespace packetsentry::worker
