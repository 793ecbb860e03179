// Where the corpus of real captures is.
#pragma once

#include <cstdlib>
#include <filesystem>

namespace packetsentry::conformance {

inline std::filesystem::path corpus() {
    const char* const told = std::getenv("PACKETSENTRY_CORPUS");
    return told != nullptr ? std::filesystem::path(told)
                           : std::filesystem::path(PACKETSENTRY_SOURCE_DIR) / "../shared/corpus";
}

}  // namespace packetsentry::conformance
