// Which layers a packet has, outermost first: small numbers while it is dissected, text once for all packets
// of a batch that have the same ones (daemon/record/layer_dictionary.h).
//
// The names are those that Wireshark has for its dissectors, in the places where it calls them: "ethertype"
// stands wherever an EtherType tells what follows an Ethernet or a VLAN header, and "data" where nobody knows
// the bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace packetsentry::dissect {

enum class LayerName : std::uint8_t {
    none,
    by_protocol,  // the packet's Protocol says its name, as those of applications do
    ah,
    arp,
    chdlc,
    data,
    erspan,
    eth,
    ethertype,
    etag,
    fabricpath,
    fddi,
    frame_relay,
    geneve,
    gre,
    gtp,
    icmp,
    icmpv6,
    ieee8021ad,
    ieee8021ah,
    igmp,
    ip,
    ipv6,
    ipv6_destination,
    ipv6_fragment,
    ipv6_hop_by_hop,
    ipv6_routing,
    l2tp,
    llc,
    mpls,
    nflog,
    nsh,
    null,
    ppi,
    ppp,
    pppoe_discovery,
    pppoe_session,
    pseudowire_heuristic,
    pseudowire_with_word,
    pseudowire_without_word,
    radiotap,
    raw,
    sctp,
    sll,
    stp,
    tcp,
    teredo,
    token_ring,
    udp,
    usb,
    vlan,
    vntag,
    vsock,
    vxlan,
    wlan,
    wlan_radio,
};

// Empty for those that have no name of their own.
[[nodiscard]] std::string_view layer_text(LayerName name);

class LayerChain {
  public:
    static constexpr std::size_t kLimit = 64;

    void clear() {
        size_ = 0;
        ethertype_ = latest_ethertype_ = 0;
        hash_ = 0;
    }
    // false: there is no room.
    bool add(LayerName name) {
        if (size_ == kLimit) return false;
        names_[size_++] = name;
        mix(static_cast<std::uint64_t>(name));
        return true;
    }
    // Notes the number by which a layer names the next one. The first number of a packet is part of its
    // chain.
    void note_ethertype(std::uint16_t type) {
        latest_ethertype_ = type;
        if (ethertype_ != 0) return;
        ethertype_ = type;
        mix(type);
    }

    [[nodiscard]] std::span<const LayerName> names() const { return {names_.data(), size_}; }
    [[nodiscard]] LayerName latest() const { return size_ == 0 ? LayerName::none : names_[size_ - 1]; }
    [[nodiscard]] std::uint16_t ethertype() const { return ethertype_; }  // the outermost; 0: none
    [[nodiscard]] std::uint16_t latest_ethertype() const { return latest_ethertype_; }
    // Mixes all that the chain says. Different chains may have one hash.
    [[nodiscard]] std::uint64_t hash() const { return hash_; }

  private:
    void mix(std::uint64_t number) { hash_ = (hash_ ^ number) * 0x9e3779b97f4a7c15U; }

    std::array<LayerName, kLimit> names_{};
    std::size_t size_ = 0;
    std::uint64_t hash_ = 0;
    std::uint16_t ethertype_ = 0;
    std::uint16_t latest_ethertype_ = 0;
};

}  // namespace packetsentry::dissect
