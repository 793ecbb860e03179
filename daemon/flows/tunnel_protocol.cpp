#include "daemon/flows/tunnel_protocol.h"

#include <array>

namespace packetsentry::flows {
namespace {

constexpr std::array kTunnels{
    dissect::Protocol{.word = "VXLAN", .name = "vxlan"},
    dissect::Protocol{.word = "VXLAN-GPE", .name = "vxlan-gpe"},
    dissect::Protocol{.word = "Geneve", .name = "geneve"},
    dissect::Protocol{.word = "GTP-U", .name = "gtp"},
    dissect::Protocol{.word = "L2TP", .name = "l2tp"},
    dissect::Protocol{.word = "Teredo", .name = "teredo"},
};

}  // namespace

const dissect::Protocol* tunnel_protocol(std::string_view type) {
    for (const dissect::Protocol& tunnel : kTunnels)
        if (tunnel.name == type) return &tunnel;
    return nullptr;
}

}  // namespace packetsentry::flows
