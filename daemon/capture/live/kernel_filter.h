// A compiled filter as a packet socket takes it. Attached to the socket itself rather than through
// libpcap, which filters the first blocks of the ring a second time in this process, where the kernel's
// extensions ("inbound") pass nothing, and all of it where the kernel refuses: packets that no counter
// knows of.
#pragma once

#include <linux/filter.h>
#include <pcap/pcap.h>

#include <cstdint>
#include <vector>

#include "daemon/base/result.h"

namespace packetsentry::capture {

using KernelFilter = std::vector<sock_filter>;

[[nodiscard]] KernelFilter reject_all();

// program: compiled for this DLT. In a cooked capture the kernel does not see the header that libpcap
// puts before the packet, so loads from there become loads of what it was made from.
// Error: filter, where there is no such thing.
[[nodiscard]] base::Result<KernelFilter> kernel_filter(const bpf_program& program, int dlt);

// Passes what both pass, each a program of its own: whatever the second is, nothing that the first rejects
// passes. Error: filter, where the first ends in a way that cannot be gone on from.
[[nodiscard]] base::Result<KernelFilter> both(KernelFilter first, const KernelFilter& second);

// The loopback interface shows each packet going out and coming in: the first is left out.
void leave_out_loopback_copies(KernelFilter& filter, std::uint32_t loopback_index);

// Replaces the socket's filter. Error: filter, where it is too long.
[[nodiscard]] base::Result<void> attach(int socket, KernelFilter& filter);

// From now on nobody takes it off or replaces it, root neither (SO_LOCK_FILTER).
[[nodiscard]] base::Result<void> lock_filter(int socket);

}  // namespace packetsentry::capture
