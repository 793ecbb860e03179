// A fuzz target for dissectors above TCP and UDP.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <span>

#include "daemon/dissect/application/application.h"
#include "tests/fuzz/promises.h"

namespace packetsentry::fuzz {

// The first byte picks the dissector (its number in the list) and, by its top bit, whether the snapshot
// length cut the payload; the rest is the payload.
inline void fuzz_application(std::span<const dissect::ApplicationDissector> dissectors,
                             std::span<const std::byte> input) {
    static dissect::Dissection out;
    if (input.size() < 2) return;
    const auto first = std::to_integer<unsigned>(input.front());
    const auto payload = input.subspan(1);
    out.reset();
    const bool taken =
        dissectors[(first & 0x7F) % dissectors.size()](dissect::Cursor(payload, first >= 0x80), out);
    const bool left_alone = out.protocol == nullptr && out.fields().empty() && !out.malformed;
    if (taken ? out.protocol == nullptr : !left_alone) std::abort();
    check_promises(out, payload);
}

}  // namespace packetsentry::fuzz
