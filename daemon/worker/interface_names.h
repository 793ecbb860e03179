// Looks up the names of the system's interfaces by index, for captures on "any".
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "daemon/capture/live/interface_state.h"

namespace packetsentry::worker {

// Asks the system once for each index, and remembers a bounded number of names.
class InterfaceNames {
  public:
    // socket: any socket, used to ask the kernel. -1: no name is known, because the indices are from another
    // machine.
    explicit InterfaceNames(int socket) : socket_(socket) {}

    // Returns "" if the system has no such interface. The result is valid until the next call.
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
