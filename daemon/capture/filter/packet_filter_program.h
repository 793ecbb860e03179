// The BPF program of a base::PacketFilter: the same program runs in the kernel for a live interface and here
// for a file, so that an option means the same for both.
//
// libpcap's own "udp port 53" looks at the EtherType of the frame and at the first header behind it alone.
// It finds nothing in a tagged frame of a file, and on an interface it finds what has one tag, because the
// kernel takes that tag off. It finds nothing behind MPLS labels or PPPoE, and no transport behind an IPv6
// extension header. This program goes through all of these, as the dissector does.
//
// BPF has no loops. So each step that may repeat is written down several times: 4 tags, 4 labels, 4 extension
// headers. Where a packet has more of them, or carries what only the dissector can read (another Ethernet
// frame, in FabricPath, PBB, NSH or a pseudowire), the program does not decide. It passes such a packet, and
// whoever dissects it decides (daemon/worker/own_options.h). A link type that has no program is decided there
// altogether.
//
// Each part of it is written by a file of its own, in the order in which packets have their layers:
// link_type_steps.h, link_layer_steps.h, network_layer_steps.h, extension_header_steps.h, transport_steps.h.
// They share the walk in packet_walk.h.
#pragma once

#include <pcap/pcap.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "daemon/base/packet_filter.h"

namespace packetsentry::capture {

// filter: one that does not pass everything. snapshot_length: how much of a packet passes. undecided_length:
// how much passes of one that the program cannot decide on. Gives none where the link type has no program of
// ours (Wi-Fi and rarer ones).
[[nodiscard]] std::optional<std::vector<bpf_insn>> packet_filter_program(const base::PacketFilter& filter,
                                                                         std::uint32_t link_type,
                                                                         std::uint32_t snapshot_length,
                                                                         std::uint32_t undecided_length);

[[nodiscard]] bool has_packet_filter_program(std::uint32_t link_type);

}  // namespace packetsentry::capture
