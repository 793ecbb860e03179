// Names the files of a capture that is saved to several files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace packetsentry::ctl {

// stem "lab", ending ".pcapng", number 1 → "lab_00001_20261201113000.pcapng", with what local clocks show
// at this time, in seconds since 1970. Names sort by their numbers: from 100000 on, a letter before the
// number, "a" for six digits and so on, sorts behind all digits.
[[nodiscard]] std::string numbered_name(std::string_view stem, std::string_view ending, std::uint64_t number,
                                        std::int64_t seconds);

}  // namespace packetsentry::ctl
