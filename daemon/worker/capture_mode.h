// Whether a worker captures live or reads a file.
#pragma once

#include <cstdint>

namespace packetsentry::worker {

enum class CaptureMode : std::uint8_t {
    live,  // packets come whether or not anybody keeps up: what there is no room for is shed and counted
    file,  // the packets wait
};

}  // namespace packetsentry::worker
