// Files that hold packets, and that we do not read: they are told by their first bytes, so that the user
// learns which command makes a file of them that we do read.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace packetsentry::capture {

// What is worth to have of a file for that.
inline constexpr std::size_t kForeignFormatBytes = 4096;

// "a snoop file; 'editcap -F pcap a.snoop a.pcap' rewrites it". begin: the file's first bytes, all of them
// where it is shorter. file_name: "" or "-" where it has none. Nothing where no format is recognised.
[[nodiscard]] std::optional<std::string> foreign_format(std::span<const std::byte> begin,
                                                        std::string_view file_name);

}  // namespace packetsentry::capture
