// What a capture takes: the client's own options and, beside them, any libpcap expression.
#pragma once

#include <string>

#include "daemon/base/packet_filter.h"

namespace packetsentry::capture {

// A packet must pass both.
struct CaptureFilter {
    base::PacketFilter options = {};
    std::string expression = {};  // "" for none
};

}  // namespace packetsentry::capture
