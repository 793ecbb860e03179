// A packet's layers, walked from the outside in: each dissector reads its own header and names the layer
// inside. The walk is a loop, so a packet's nesting costs no stack, and it is bounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daemon/dissect/cursor.h"
#include "daemon/dissect/dissection.h"
#include "daemon/dissect/layout.h"
#include "daemon/dissect/quoted.h"

namespace packetsentry::dissect {

class Walk;
struct Layer;

// Reads one header and leaves bytes at, and narrowed to, what is inside. Returns the layer that is.
using LayerDissector = Layer (*)(Cursor& bytes, Walk& walk);

struct Layer {
    LayerDissector dissect = nullptr;  // null: the walk ends here
};

// Text for people, where a protocol has no field that says it better: "who-has 10.0.0.2 tell 10.0.0.1".
inline constexpr const FieldInfo& kDetail = field("packetsentry.detail");
inline constexpr std::array kDetailOnly{&kDetail};

using Mac = std::span<const std::byte, 6>;

struct Hex {
    std::uint64_t value;
};

// What the layers of one packet need to know of each other, beside what they write to the Dissection.
class Walk {
  public:
    static constexpr std::size_t kHeaderLimit = 32;  // headers of a packet; what is inside stays unread
    static constexpr std::size_t kTunnelLimit = 8;

    // layout: null where nobody asks for it.
    explicit Walk(Dissection& dissection, Layout* layout = nullptr) : out(dissection), layout_(layout) {}

    // Follows the layers to the innermost one, then fills in the fields of the inner conversation.
    void run(Layer layer, Cursor bytes);

    // The protocol of the packet, until a layer inside is understood too.
    void understood(const Protocol& protocol) { out.protocol = &protocol; }
    void understood(const Protocol& protocol, LayerName layer) {
        understood(protocol);
        enter(layer);
    }
    // Adds to the packet's chain of layers. LayerName::by_protocol is for a layer that nothing follows.
    void enter(LayerName layer) { out.incomplete |= !out.layers.add(layer); }
    void enter(const Quoted& quoted) {
        if (quoted.network != LayerName::none) enter(quoted.network);
        if (quoted.transport != LayerName::none) enter(quoted.transport);
    }
    // To be called with each cursor that has been read from.
    void check(const Cursor& bytes) { out.malformed |= bytes.malformed(); }
    // To what a header says is inside it. One that says more than there was on the wire is malformed, and
    // what there was is inside.
    void narrow(Cursor& bytes, std::size_t size) { out.malformed |= !bytes.narrow(size); }

    // What lies before the cursor is header: it may be kept when the rest of the packet is cut away.
    void header_ends(const Cursor& bytes) {
        if (layout_ != nullptr && !bytes.failed()) layout_->header_ends(bytes.left());
    }
    // A header ends here as well, and what follows it is the payload of a transport.
    void payload_begins(const Cursor& bytes) {
        if (layout_ != nullptr && !bytes.failed()) layout_->payload_begins(bytes.left());
    }
    // Tells whether anybody asks what may be kept, and some of what comes may be.
    [[nodiscard]] bool is_keeping() const { return layout_ != nullptr && !layout_->closed(); }
    // From here on headers are read for the line alone: nobody vouches for them, nor for what they carry
    // (layout.h).
    void stop_keeping() {
        if (layout_ != nullptr) layout_->close();
    }
    // Bytes of the packet that redaction is about. Those given to enter_link() and enter_network() are noted
    // there.
    void note(Layout::Kind kind, std::span<const std::byte> place) {
        if (layout_ != nullptr) layout_->note(kind, place);
    }

    // The outermost link layer's addresses are the record's.
    void enter_link(Mac source, Mac destination);
    void enter_link(Mac source);
    // The outermost network layer is the record's; later ones are the inner conversation.
    template <std::size_t Size>
    void enter_network(Network network, std::span<const std::byte, Size> source,
                       std::span<const std::byte, Size> destination, std::uint8_t ip_protocol) {
        const auto kind = network == Network::ipv6 ? Layout::Kind::ipv6 : Layout::Kind::ipv4;
        note(kind, source);
        note(kind, destination);
        begin_network(network, ip_protocol);
        set(inner_ == nullptr ? out.source : inner_->source, source);
        set(inner_ == nullptr ? out.destination : inner_->destination, destination);
    }
    // One whose header is broken: it has no addresses.
    void enter_broken_network(Network network) { begin_network(network, 0); }
    // Numbers of an IPv4 or IPv6 header, after its enter_network(). Those of the outermost are the record's,
    // and some of an inner one are its InnerNetwork's.
    void enter_ip(std::uint8_t hop_limit, std::uint8_t traffic_class, std::uint16_t identification,
                  std::uint16_t fragment) {
        if (inner_ != nullptr) {
            inner_->fragment_id = identification;
            inner_->fragment = fragment;
            return;
        }
        out.headers.hop_limit = hop_limit;
        out.headers.traffic_class = traffic_class;
        out.headers.identification = identification;
        out.headers.fragment = fragment;
    }
    // The lengths of an IP packet on the wire, with and without its headers.
    void enter_ip_payload(std::size_t with_headers, std::size_t without_headers) {
        (inner_ == nullptr ? out.ip_bytes : inner_->ip_bytes) = static_cast<std::uint32_t>(with_headers);
        (inner_ == nullptr ? out.ip_payload_bytes : inner_->ip_payload_bytes) =
            static_cast<std::uint32_t>(without_headers);
    }
    // The number of an IPv6 fragment. That of the outermost header is a field.
    void enter_fragment_id(std::uint32_t id);
    // What follows the IP header is not what that says, but what a header behind it says.
    void enter_ip_protocol(std::uint8_t ip_protocol) {
        (inner_ == nullptr ? out.ip_protocol : inner_->ip_protocol) = ip_protocol;
    }
    void enter_ports(std::uint16_t source, std::uint16_t destination);
    void enter_udp_length(std::uint16_t length) {
        if (inner_ != nullptr) inner_->udp_length = length;
        if (out.headers.udp_length == 0) out.headers.udp_length = length;
    }
    // The first two bytes of a VLAN tag, the outermost first. Those inside of a network layer are not the
    // record's.
    void enter_vlan(std::uint16_t tag);
    // What is inside is carried by a tunnel of this type ("vxlan"). false: one too many, end the walk.
    [[nodiscard]] bool enter_tunnel(std::string_view type);

    // Network layers so far, and the latest one's.
    [[nodiscard]] std::size_t networks() const { return networks_; }
    [[nodiscard]] Network network() const { return network_; }
    [[nodiscard]] bool tunnelled() const { return networks_ > 1; }
    [[nodiscard]] bool in_tunnel() const { return tunnels_ != 0; }

    // Adds kDetail, put together from text, numbers, Hex and addresses. In a tunnel it begins with the
    // inner conversation: "vxlan 10.0.0.1:4000 -> 10.0.0.2:80".
    template <typename... Parts>
    void detail(const Parts&... parts) {
        const std::size_t begin = out.begin_text();
        if (tunnelled()) put_inner();
        if (tunnelled() && sizeof...(parts) != 0) put(" ");
        (put(parts), ...);
        out.add(kDetail, out.text_since(begin));
    }
    void put(std::string_view text) { out.put(text); }
    void put(std::uint64_t number) { out.put_number(number); }
    void put(Hex number) { out.put_hex(number.value); }
    void put(const base::Address& address) { out.put_address(address); }
    void put(const Quoted& quoted);  // " for UDP to 10.0.0.1 port 53"

    Dissection& out;

  private:
    // Straight to where it stays: a copy made of parts just written stalls.
    template <std::size_t Size>
    static void set(base::Address& address, std::span<const std::byte, Size> from) {
        address = {};
        std::memcpy(address.bytes.data(), from.data(), Size);
        address.size = Size;
    }
    void begin_network(Network network, std::uint8_t ip_protocol);
    void put_inner();
    void put_end(const base::Address& address, std::uint16_t port);
    void add_inner();

    Layout* layout_;
    std::size_t networks_ = 0;
    std::size_t tunnels_ = 0;
    std::size_t vlans_ = 0;
    std::uint16_t vlan_ = 0;  // the innermost, with vlans_ > 1 only
    Network network_ = Network::none;
    std::string_view tunnel_;        // the innermost
    InnerNetwork* inner_ = nullptr;  // the innermost, in out; null: there is the record's alone
};

// The layer inside is known by its word alone: nothing reads it, and the walk ends. protocol must be a
// constant, because the Dissection keeps a pointer to it.
[[nodiscard]] inline Layer by_word(const Protocol& protocol, Walk& walk) {
    walk.understood(protocol, LayerName::by_protocol);
    return {};
}

// The layer inside has a row in a table of protocols, which must be a constant too. Where the row's dissector
// is null the layer is known by its word alone.
[[nodiscard]] inline Layer by_row(LayerDissector dissect, const Protocol& protocol, Walk& walk) {
    if (dissect == nullptr) return by_word(protocol, walk);
    return {dissect};
}

}  // namespace packetsentry::dissect
