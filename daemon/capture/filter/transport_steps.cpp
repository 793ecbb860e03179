#include "daemon/capture/filter/transport_steps.h"

#include <utility>
#include <vector>

#include "daemon/capture/filter/wanted_packets.h"

namespace packetsentry::capture {
namespace {

using base::PacketFilter;
using Label = PacketWalk::Label;
using Network = base::PacketKind::Network;

// The first four bytes of TCP, UDP and SCTP are the ports. A later fragment does not have them. One of ports
// must be there, where there are any, and port, where it is not 0.
void put_ports(PacketWalk& walk, const Ports& ports, std::uint16_t port) {
    walk.code.emit(BPF_LD | BPF_MEM, PacketWalk::kOffset);
    walk.code.jump_unless(BPF_JEQ, 0, walk.reject);
    const auto one_of = [&](const Ports& wanted) {
        const Label found = walk.code.label();
        for (const std::uint32_t at : {0U, 2U}) {
            walk.load_half(at);
            for (const std::uint16_t one : wanted) walk.code.jump_if(BPF_JEQ, one, found);
        }
        walk.code.jump(walk.reject);
        walk.code.place(found);
    };
    if (!ports.empty()) one_of(ports);
    if (port != 0) one_of({port});
    walk.code.jump(walk.accept);
}

}  // namespace

void put_transport(PacketWalk& walk, const PacketFilter& filter, Network network) {
    const Transports wanted = wanted_transports(filter, network);
    std::vector<std::pair<Label, const Ports*>> with_ports;
    walk.code.emit(BPF_LD | BPF_MEM, PacketWalk::kProtocol);
    for (const auto& [protocol, ports] : wanted) {
        if (ports.empty() && filter.port == 0) {
            walk.code.jump_if(BPF_JEQ, protocol, walk.accept);
            continue;
        }
        with_ports.emplace_back(walk.code.label(), &ports);
        walk.code.jump_if(BPF_JEQ, protocol, with_ports.back().first);
    }
    walk.code.jump(walk.reject);
    for (const auto& [label, ports] : with_ports) {
        walk.code.place(label);
        put_ports(walk, *ports, filter.port);
    }
}

}  // namespace packetsentry::capture
