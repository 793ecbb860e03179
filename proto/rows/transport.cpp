#include "proto/rows/transport.h"

#include <algorithm>

namespace packetsentry::rows {

const Transport* transport(std::uint8_t number) {
    const auto* found = std::ranges::find(kTransports, number, &Transport::number);
    return found == kTransports.end() ? nullptr : found;
}

}  // namespace packetsentry::rows
