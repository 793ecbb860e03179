// The link types that fuzz_link picks from by its first byte; the last is one that nobody knows.
#pragma once

#include <array>
#include <cstdint>

namespace packetsentry::fuzz {

inline constexpr std::array<std::uint32_t, 28> kLinkTypes = {1,   276, 113, 0,   108, 12,  14, 101, 228, 229,
                                                             105, 127, 9,   50,  104, 107, 10, 6,   192, 239,
                                                             271, 189, 220, 249, 288, 266, 51, 9999};

}  // namespace packetsentry::fuzz
