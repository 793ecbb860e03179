// Packets for tests: name the layers from the outside in, build() fills in types, lengths and checksums
// from the inside out.
//
//   const Bytes frame = PacketBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(4000, 53)
//                           .payload(hex("0001 0100")).build();
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace packetsentry::test {

using Bytes = std::vector<std::byte>;

[[nodiscard]] Bytes text(std::string_view characters);
// Pairs of hex digits; blanks are skipped.
[[nodiscard]] Bytes hex(std::string_view digits);
// The number in so many bytes, the most significant first.
[[nodiscard]] Bytes big_endian(std::uint64_t number, std::size_t bytes);
[[nodiscard]] Bytes join(std::initializer_list<Bytes> parts);
// The C library's search, which is as fast under sanitizers and without the optimizer.
[[nodiscard]] bool contains(std::span<const std::byte> where, std::span<const std::byte> what);
// The content behind its length, which is a number of so many bytes.
[[nodiscard]] Bytes sized(const Bytes& content, std::size_t length_bytes);
// The first size bytes.
[[nodiscard]] Bytes cut(const Bytes& bytes, std::size_t size);

inline constexpr std::string_view kSourceMac = "02:00:00:00:00:01";
inline constexpr std::string_view kDestinationMac = "02:00:00:00:00:02";

// What is not set is computed.
struct Ipv4Header {
    std::uint8_t ttl = 64;
    std::uint16_t id = 0x1234;
    std::uint16_t fragment_offset = 0;  // bytes, a multiple of 8
    bool more_fragments = false;
    bool dont_fragment = false;
    Bytes options = {};  // padded to a multiple of 4
    std::optional<std::uint8_t> protocol = {};
    std::optional<std::uint16_t> total_length = {};
    std::optional<std::uint8_t> header_words = {};
    std::uint8_t version = 4;
};

struct Ipv6Header {
    std::uint8_t hop_limit = 64;
    std::optional<std::uint8_t> next_header = {};
    std::optional<std::uint16_t> payload_length = {};
    std::uint8_t version = 6;
};

struct TcpHeader {
    std::uint8_t flags = kPush | kAck;
    std::uint32_t sequence = 1000;
    std::uint32_t acknowledgement = 2000;
    Bytes options = {};  // padded to a multiple of 4
    std::optional<std::uint8_t> header_words = {};

    static constexpr std::uint8_t kFin = 0x01, kSyn = 0x02, kReset = 0x04, kPush = 0x08, kAck = 0x10;
};

struct GreHeader {
    std::optional<std::uint32_t> key = {};
    std::optional<std::uint32_t> sequence = {};
    bool checksum = false;
    std::uint8_t version = 0;
    std::optional<std::uint16_t> type = {};
};

class PacketBuilder {
  public:
    // Link layers. A type left out follows from the next layer.
    PacketBuilder& ethernet(std::string_view source = kSourceMac,
                            std::string_view destination = kDestinationMac,
                            std::optional<std::uint16_t> type = {});
    // 802.3: a length in place of the type.
    PacketBuilder& ethernet_802_3(std::string_view source = kSourceMac,
                                  std::string_view destination = "01:80:c2:00:00:00");
    PacketBuilder& llc(std::uint8_t destination_sap, std::uint8_t source_sap, std::uint8_t control = 3);
    PacketBuilder& snap(std::uint32_t organisation = 0, std::optional<std::uint16_t> type = {});
    PacketBuilder& vlan(std::uint16_t id, std::uint16_t tag_type = 0x8100,
                        std::optional<std::uint16_t> type = {});
    // Outermost first; the last gets the bottom-of-stack bit.
    PacketBuilder& mpls(std::initializer_list<std::uint32_t> labels);
    PacketBuilder& pppoe_discovery(std::uint8_t code);
    PacketBuilder& pppoe_session(std::uint16_t session = 1, std::optional<std::uint16_t> protocol = {});
    PacketBuilder& linux_sll(std::optional<std::uint16_t> type = {}, std::string_view source = kSourceMac,
                             std::uint16_t hardware = 1);
    PacketBuilder& linux_sll2(std::uint32_t interface_index, std::optional<std::uint16_t> type = {},
                              std::string_view source = kSourceMac, std::uint16_t hardware = 1);
    PacketBuilder& null_loopback(std::uint32_t family, bool little_endian);
    PacketBuilder& nflog(const Bytes& attributes = {});  // before the packet
    // extra: fields after the 8 fixed bytes.
    PacketBuilder& radiotap(const Bytes& extra = {});
    // A data frame from an access point to a station.
    PacketBuilder& ieee80211_data(std::string_view source = kSourceMac,
                                  std::string_view destination = kDestinationMac, bool qos = false,
                                  bool is_protected = false);
    // Management or control: type 0 or 1.
    PacketBuilder& ieee80211(std::uint8_t type, std::uint8_t subtype);

    // Network layers.
    PacketBuilder& arp(std::uint16_t operation, std::string_view sender_ip, std::string_view target_ip,
                       std::string_view sender_mac = kSourceMac,
                       std::string_view target_mac = kDestinationMac);
    PacketBuilder& ipv4(std::string_view source = "192.168.1.100", std::string_view destination = "8.8.8.8",
                        Ipv4Header header = {});
    PacketBuilder& ipv6(std::string_view source = "2001:db8::1", std::string_view destination = "2001:db8::2",
                        Ipv6Header header = {});
    // IPv6 extension headers; options padded to a multiple of 8 with the header.
    PacketBuilder& hop_by_hop(const Bytes& options = {});
    PacketBuilder& destination_options(const Bytes& options = {});
    PacketBuilder& routing(const Bytes& data = {});
    PacketBuilder& ipv6_fragment(std::uint16_t offset, bool more, std::uint32_t id,
                                 std::optional<std::uint8_t> next_header = {});
    PacketBuilder& authentication();

    // Tunnels.
    PacketBuilder& gre(GreHeader header = {});
    PacketBuilder& vxlan(std::uint32_t network_id);                              // after udp(…, 4789)
    PacketBuilder& geneve(std::uint32_t network_id, const Bytes& options = {});  // after udp(…, 6081)
    // A user's packet, after udp(…, 2152); optional: what follows the fixed header, with an extension.
    PacketBuilder& gtp(std::uint32_t endpoint, const Bytes& optional = {});

    // Transport layers.
    PacketBuilder& udp(std::uint16_t source_port = 12345, std::uint16_t destination_port = 53,
                       std::optional<std::uint16_t> length = {});
    PacketBuilder& tcp(std::uint16_t source_port = 12345, std::uint16_t destination_port = 80,
                       TcpHeader header = {});
    PacketBuilder& sctp(std::uint16_t source_port, std::uint16_t destination_port);
    PacketBuilder& icmp(std::uint8_t type, std::uint8_t code, std::uint32_t rest = 0);
    PacketBuilder& icmpv6(std::uint8_t type, std::uint8_t code, std::uint32_t rest = 0);
    PacketBuilder& igmp(std::uint8_t type, std::string_view group);

    PacketBuilder& payload(const Bytes& bytes);
    PacketBuilder& payload(std::string_view characters);

    [[nodiscard]] Bytes build() const;

  private:
    struct Pseudo {  // of the nearest IP layer outside
        Bytes source;
        Bytes destination;
    };
    struct Next {  // how the layer inside is called
        std::uint16_t ethertype = 0;
        std::uint8_t ip_protocol = 0;
    };
    using Wrap = std::function<Bytes(Bytes inner, Next next, const Pseudo& pseudo)>;
    struct Layer {
        Next own;
        Wrap wrap;
        std::optional<Pseudo> pseudo = {};
    };

    PacketBuilder& push(Layer layer);
    PacketBuilder& extension(std::uint8_t protocol, Bytes data);
    std::vector<Layer> layers_;
};

}  // namespace packetsentry::test
