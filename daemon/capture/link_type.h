// Link types have two numbers: LINKTYPE_* in files, the same everywhere, and DLT_* in libpcap, which for
// a few differ by system (https://www.tcpdump.org/linktypes.html).
#pragma once

#include <cstdint>

namespace packetsentry::capture {

[[nodiscard]] int dlt_of(std::uint32_t link_type);
[[nodiscard]] std::uint32_t link_type_of(int dlt);

}  // namespace packetsentry::capture
