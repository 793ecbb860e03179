// Whether the client's own options (-f, --filter-ip, --filter-port) ask for a packet, by what the dissector
// says of it. base/packet_filter.h has what they mean.
//
// Most packets never come here: the options' BPF program (daemon/capture/filter/packet_filter_program.h)
// rejects them before they are read. But there are link types that have no program, and headers that no
// program can follow. So what a program has passed is asked once more, with everything that is known of the
// packet, and an option means the same whatever carries the packet.
#pragma once

#include "daemon/base/packet_filter.h"
#include "daemon/dissect/dissection.h"

namespace packetsentry::worker {

// What becomes of a packet of which the dissector does not know what an option asks about, because its bytes
// end before that or because a header is broken.
enum class Unknown : bool { fails, passes };

[[nodiscard]] bool passes(const base::PacketFilter& options, const dissect::Dissection& packet,
                          Unknown unknown = Unknown::fails);

}  // namespace packetsentry::worker
