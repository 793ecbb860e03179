// A worker either captures live or reads a file.
#pragma once

#include <cstdint>

namespace packetsentry::worker {

enum class CaptureMode : std::uint8_t {
    live,  // packets arrive at their own speed: those for which there is no room are shed and counted
    file,  // packets wait in the file until there is room
};

}  // namespace packetsentry::worker
