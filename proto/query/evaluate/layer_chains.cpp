#include "proto/query/evaluate/layer_chains.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "proto/query/layer_names.h"
#include "proto/query/word_list.h"

namespace packetsentry::query {
namespace {

constexpr std::uint32_t kEthernetLinkType = 1;  // LINKTYPE_ETHERNET

struct Carried {
    std::uint8_t number;  // IANA
    std::string_view layer;
};
constexpr Carried kCarried[] = {{1, "icmp"},    {2, "igmp"},  {4, "ip"},    {6, "tcp"},    {17, "udp"},
                                {33, "dccp"},   {41, "ipv6"}, {47, "gre"},  {50, "esp"},   {51, "ah"},
                                {58, "icmpv6"}, {89, "ospf"}, {103, "pim"}, {112, "vrrp"}, {132, "sctp"}};

constexpr std::array<std::string_view, 3> kTransports = {"tcp", "udp", "sctp"};

std::string_view network_layer(wire::Network network) {
    switch (network) {
        case wire::NETWORK_IPV4:
            return "ip";
        case wire::NETWORK_IPV6:
            return "ipv6";
        case wire::NETWORK_ARP:
            return "arp";
        default:
            return {};
    }
}

std::string_view carried_layer(std::uint8_t number) {
    for (const Carried& row : kCarried)
        if (row.number == number) return row.layer;
    return {};
}

// The word of a line, or the name of an application protocol, as Wireshark calls it.
std::string_view named_layer(const std::string& name) {
    std::string small = name;
    for (char& c : small)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const LayerName* const layer = find_layer(small);
    return layer == nullptr ? std::string_view() : layer->name;
}

void append(std::string& chain, std::string_view layer) {
    if (layer.empty() || has_layer(chain, layer)) return;
    if (!chain.empty()) chain += ':';
    chain += layer;
}

// What the columns tell of a row's chain, packed into a number.
std::uint32_t key_of(const proto::BatchView& view, std::uint32_t row) {
    const bool ethernet = view.interface(row).link_type() == kEthernetLinkType;
    return std::uint32_t{view.protocol_index(row)} | std::uint32_t{view.ip_protocol(row)} << 8 |
           static_cast<std::uint32_t>(view.network(row)) << 16 | (ethernet ? 1U << 24 : 0);
}

std::string chain_of(const proto::BatchView& view, std::uint32_t row) {
    std::string chain;
    if (view.interface(row).link_type() == kEthernetLinkType) append(chain, "eth");
    append(chain, network_layer(view.network(row)));
    append(chain, carried_layer(view.ip_protocol(row)));
    append(chain, named_layer(view.protocol(row).word()));
    append(chain, named_layer(view.protocol(row).name()));
    return chain;
}

}  // namespace

LayerChains layer_chains(const proto::BatchView& view) {
    LayerChains result;
    result.of_row.reserve(view.rows());
    std::unordered_map<std::uint32_t, std::uint16_t> known;
    std::uint32_t last_key = ~0U;
    std::uint16_t last = 0;
    for (std::uint32_t row = 0; row < view.rows(); ++row) {
        const std::uint32_t key = key_of(view, row);
        if (key != last_key) {
            const auto [found, is_new] =
                known.try_emplace(key, static_cast<std::uint16_t>(result.chains.size()));
            if (is_new) result.chains.push_back(chain_of(view, row));
            last = found->second;
            last_key = key;
        }
        result.of_row.push_back(last);
    }
    return result;
}

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
