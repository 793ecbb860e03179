#include "proto/query/layer_chains.h"

#include <algorithm>
#include <array>

#include "proto/query/word_list.h"

namespace packetsentry::query {
namespace {

constexpr std::array<std::string_view, 3> kTransports = {"tcp", "udp", "sctp"};

}  // namespace

bool has_layer(std::string_view chain, std::string_view layer) {
    return has_word(chain, layer, ':');
}

std::string_view innermost_transport(std::string_view chain) {
    std::string_view innermost;
    any_word(chain, ':', [&](std::string_view layer) {
        if (std::ranges::find(kTransports, layer) != kTransports.end()) innermost = layer;
        return false;
    });
    return innermost;
}

}  // namespace packetsentry::query
