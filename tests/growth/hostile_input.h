// What strangers can make long: packets with lists of options, headers or names, and capture files with many
// blocks. Each is made of about a number of bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tests/support/packet_builder.h"

namespace packetsentry::growth {

inline constexpr std::uint32_t kEthernet = 1;  // LINKTYPE_*
inline constexpr std::uint32_t kIeee80211 = 105;
inline constexpr std::uint32_t kRadiotap = 127;

struct FrameKind {
    std::string_view name;
    std::string_view protocol;  // as which it must be recognised, or it proves nothing
    test::Bytes (*make)(std::size_t size);
    std::uint32_t link_type = kEthernet;
    bool redacted = false;  // rather than dissected for a row
};
[[nodiscard]] std::span<const FrameKind> frame_kinds();

struct FileKind {
    std::string_view name;
    std::string (*make)(std::size_t size);  // ends with a packet
};
[[nodiscard]] std::span<const FileKind> file_kinds();

}  // namespace packetsentry::growth
