#include "daemon/capture/filter/packet_filter_program.h"

#include "daemon/capture/filter/link_layer_steps.h"
#include "daemon/capture/filter/link_type_steps.h"
#include "daemon/capture/filter/network_layer_steps.h"
#include "daemon/capture/filter/packet_walk.h"

namespace packetsentry::capture {

std::optional<std::vector<bpf_insn>> packet_filter_program(const base::PacketFilter& filter,
                                                           std::uint32_t link_type,
                                                           std::uint32_t snapshot_length,
                                                           std::uint32_t undecided_length) {
    PacketWalk walk;
    if (!put_link_type(walk, link_type)) return std::nullopt;
    put_link_layers(walk);
    put_network_layers(walk, filter);
    walk.code.place(walk.accept);
    walk.code.emit(BPF_RET | BPF_K, snapshot_length);
    walk.code.place(walk.undecided);
    walk.code.emit(BPF_RET | BPF_K, undecided_length);
    walk.code.place(walk.reject);
    walk.code.emit(BPF_RET | BPF_K, 0);
    return walk.code.finish();
}

bool has_packet_filter_program(std::uint32_t link_type) {
    return has_link_type_steps(link_type);
}

}  // namespace packetsentry::capture
