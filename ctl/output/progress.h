// Words the progress of reading a file, or of a search.
#pragma once

#include <cstdint>
#include <string>

namespace packetsentry::ctl {

struct Progress {
    std::uint64_t packets = 0;
    std::uint64_t position = 0;  // bytes of the file read
    std::uint64_t size = 0;      // of the file; 0: not known
    double seconds = 0;          // since reading began
    bool searches = false;       // the packets are those that were found among others
};

// "1234567 packets, 45 %, 2.4 M packets/s", "12 packets found, 45 %"
[[nodiscard]] std::string progress_text(const Progress& progress);

}  // namespace packetsentry::ctl
