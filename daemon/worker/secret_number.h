// A number that nobody outside of the process can guess: the seed of a table whose keys strangers choose.
#pragma once

#include <cstdint>
#include <random>

namespace packetsentry::worker {

[[nodiscard]] inline std::uint64_t secret_number() {
    std::random_device device;
    return static_cast<std::uint64_t>(device()) << 32 | device();
}

}  // namespace packetsentry::worker
