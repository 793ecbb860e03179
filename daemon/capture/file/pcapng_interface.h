// What an interface description block of pcapng says (draft-ietf-opsawg-pcapng, section 4.2).
#pragma once

#include <cstddef>
#include <span>

#include "daemon/capture/file/time_scale.h"
#include "daemon/capture/packet_source.h"

namespace packetsentry::capture {

struct PcapngInterface {
    SourceInterface interface;
    TimeScale clock;
};

// body: what stands between the two lengths of the block. Options that do not fit into it end the list.
[[nodiscard]] PcapngInterface parse_interface(std::span<const std::byte> body, bool swapped,
                                              std::size_t name_limit);

}  // namespace packetsentry::capture
