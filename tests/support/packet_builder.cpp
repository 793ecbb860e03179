#include "tests/support/packet_builder.h"

#include <arpa/inet.h>
#include <string.h>

#include <array>
#include <stdexcept>
#include <string>
#include <utility>

namespace packetsentry::test {
namespace {

class Writer {
  public:
    Writer& u8(std::uint64_t value) { return number(value, 1); }
    Writer& u16(std::uint64_t value) { return number(value, 2); }
    Writer& u24(std::uint64_t value) { return number(value, 3); }
    Writer& u32(std::uint64_t value) { return number(value, 4); }
    Writer& bytes(const Bytes& more) {
        bytes_.insert(bytes_.end(), more.begin(), more.end());
        return *this;
    }
    [[nodiscard]] Bytes take() { return std::move(bytes_); }

  private:
    Writer& number(std::uint64_t value, std::size_t size) { return bytes(big_endian(value, size)); }
    Bytes bytes_;
};

Bytes address(std::string_view text) {
    const std::string name(text);
    Bytes bytes(16);
    if (inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1) return bytes;
    bytes.resize(4);
    if (inet_pton(AF_INET, name.c_str(), bytes.data()) == 1) return bytes;
    throw std::invalid_argument("not an address: " + name);
}

Bytes mac(std::string_view colons) {
    std::string digits(colons);
    std::erase(digits, ':');
    return hex(digits);
}

Bytes padded(Bytes bytes, std::size_t multiple, std::size_t before = 0) {
    while ((bytes.size() + before) % multiple != 0) bytes.push_back(std::byte{0});
    return bytes;
}

std::uint16_t checksum(const Bytes& bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = std::to_integer<std::uint32_t>(bytes[i]);
        sum += i % 2 == 0 ? byte << 8 : byte;
    }
    while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

Bytes with_checksum(Bytes bytes, std::size_t at, std::uint16_t sum) {
    bytes[at] = static_cast<std::byte>(sum >> 8);
    bytes[at + 1] = static_cast<std::byte>(sum & 0xFF);
    return bytes;
}

Bytes with_own_checksum(Bytes bytes, std::size_t at) {
    const std::uint16_t sum = checksum(bytes);
    return with_checksum(std::move(bytes), at, sum);
}

Bytes with_transport_checksum(Bytes segment, std::size_t at, std::uint8_t protocol, const Bytes& source,
                              const Bytes& destination) {
    const Bytes summed =
        join({source, destination, Writer().u32(segment.size()).u32(protocol).take(), segment});
    return with_checksum(std::move(segment), at, checksum(summed));
}

std::uint8_t words(std::size_t bytes) {
    return static_cast<std::uint8_t>(bytes / 4);
}

std::uint16_t ppp_protocol(std::uint16_t ethertype) {
    return ethertype == 0x86DD ? 0x0057 : 0x0021;
}

constexpr std::uint16_t kNoType = 0;
constexpr std::uint8_t kNoProtocol = 253;  // RFC 3692: for experiments

}  // namespace

Bytes text(std::string_view characters) {
    Bytes bytes;
    for (const char c : characters) bytes.push_back(static_cast<std::byte>(c));
    return bytes;
}

Bytes hex(std::string_view digits) {
    std::string packed;
    for (const char c : digits)
        if (c != ' ' && c != '\n') packed.push_back(c);
    if (packed.size() % 2 != 0) throw std::invalid_argument("odd number of hex digits");
    Bytes bytes;
    for (std::size_t i = 0; i < packed.size(); i += 2)
        bytes.push_back(static_cast<std::byte>(std::stoi(packed.substr(i, 2), nullptr, 16)));
    return bytes;
}

Bytes big_endian(std::uint64_t number, std::size_t bytes) {
    Bytes out;
    for (std::size_t i = bytes; i > 0; --i)
        out.push_back(static_cast<std::byte>(number >> (8 * (i - 1)) & 0xFF));
    return out;
}

bool contains(std::span<const std::byte> where, std::span<const std::byte> what) {
    // It takes no null pointers, which is what nothing has.
    if (where.empty() || what.empty()) return what.empty();
    return ::memmem(where.data(), where.size(), what.data(), what.size()) != nullptr;
}

Bytes join(std::initializer_list<Bytes> parts) {
    Writer writer;
    for (const Bytes& part : parts) writer.bytes(part);
    return writer.take();
}

Bytes sized(const Bytes& content, std::size_t length_bytes) {
    return join({big_endian(content.size(), length_bytes), content});
}

Bytes cut(const Bytes& bytes, std::size_t size) {
    return Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min(size, bytes.size())));
}

PacketBuilder& PacketBuilder::push(Layer layer) {
    layers_.push_back(std::move(layer));
    return *this;
}

PacketBuilder& PacketBuilder::ethernet(std::string_view source, std::string_view destination,
                                       std::optional<std::uint16_t> type) {
    return push(
        {{0x6558, 143}, [=, from = mac(source), to = mac(destination)](Bytes inner, Next next, auto&) {
             return Writer().bytes(to).bytes(from).u16(type.value_or(next.ethertype)).bytes(inner).take();
         }});
}

PacketBuilder& PacketBuilder::ethernet_802_3(std::string_view source, std::string_view destination) {
    return push({{0x6558, 143}, [from = mac(source), to = mac(destination)](Bytes inner, Next, auto&) {
                     return Writer().bytes(to).bytes(from).u16(inner.size()).bytes(inner).take();
                 }});
}

PacketBuilder& PacketBuilder::llc(std::uint8_t destination_sap, std::uint8_t source_sap,
                                  std::uint8_t control) {
    return push({{kNoType, kNoProtocol}, [=](Bytes inner, Next, auto&) {
                     return Writer().u8(destination_sap).u8(source_sap).u8(control).bytes(inner).take();
                 }});
}

PacketBuilder& PacketBuilder::snap(std::uint32_t organisation, std::optional<std::uint16_t> type) {
    return push({{kNoType, kNoProtocol}, [=](Bytes inner, Next next, auto&) {
                     return Writer()
                         .u24(0xAAAA03)
                         .u24(organisation)
                         .u16(type.value_or(next.ethertype))
                         .bytes(inner)
                         .take();
                 }});
}

PacketBuilder& PacketBuilder::vlan(std::uint16_t id, std::uint16_t tag_type,
                                   std::optional<std::uint16_t> type) {
    return push({{tag_type, kNoProtocol}, [=](Bytes inner, Next next, auto&) {
                     return Writer().u16(id).u16(type.value_or(next.ethertype)).bytes(inner).take();
                 }});
}

PacketBuilder& PacketBuilder::mpls(std::initializer_list<std::uint32_t> labels) {
    return push({{0x8847, 137}, [labels = std::vector(labels)](Bytes inner, Next, auto&) {
                     Writer writer;
                     for (std::size_t i = 0; i < labels.size(); ++i)
                         writer.u32(labels[i] << 12 | (i + 1 == labels.size() ? 1U : 0U) << 8 | 64);
                     return writer.bytes(inner).take();
                 }});
}

PacketBuilder& PacketBuilder::pppoe_discovery(std::uint8_t code) {
    return push({{0x8863, kNoProtocol}, [=](Bytes inner, Next, auto&) {
                     return Writer().u8(0x11).u8(code).u16(0).u16(inner.size()).bytes(inner).take();
                 }});
}

PacketBuilder& PacketBuilder::pppoe_session(std::uint16_t session, std::optional<std::uint16_t> protocol) {
    return push({{0x8864, kNoProtocol}, [=](Bytes inner, Next next, auto&) {
                     return Writer()
                         .u8(0x11)
                         .u8(0)
                         .u16(session)
                         .u16(inner.size() + 2)
                         .u16(protocol.value_or(ppp_protocol(next.ethertype)))
                         .bytes(inner)
                         .take();
                 }});
}

PacketBuilder& PacketBuilder::linux_sll(std::optional<std::uint16_t> type, std::string_view source,
                                        std::uint16_t hardware) {
    return push({{}, [=, from = mac(source)](Bytes inner, Next next, auto&) {
                     return Writer()
                         .u16(0)
                         .u16(hardware)
                         .u16(from.size())
                         .bytes(padded(from, 8))
                         .u16(type.value_or(next.ethertype))
                         .bytes(inner)
                         .take();
                 }});
}

PacketBuilder& PacketBuilder::linux_sll2(std::uint32_t interface_index, std::optional<std::uint16_t> type,
                                         std::string_view source, std::uint16_t hardware) {
    return push({{}, [=, from = mac(source)](Bytes inner, Next next, auto&) {
                     return Writer()
                         .u16(type.value_or(next.ethertype))
                         .u16(0)
                         .u32(interface_index)
                         .u16(hardware)
                         .u8(4)
                         .u8(from.size())
                         .bytes(padded(from, 8))
                         .bytes(inner)
                         .take();
                 }});
}

PacketBuilder& PacketBuilder::null_loopback(std::uint32_t family, bool little_endian) {
    const std::uint32_t swapped = little_endian ? __builtin_bswap32(family) : family;
    return push({{}, [=](Bytes inner, Next, auto&) { return Writer().u32(swapped).bytes(inner).take(); }});
}

PacketBuilder& PacketBuilder::radiotap(const Bytes& extra) {
    return push({{}, [=](Bytes inner, Next, auto&) {
                     const auto length = static_cast<std::uint16_t>(8 + extra.size());
                     return Writer()
                         .u8(0)
                         .u8(0)
                         .u16(__builtin_bswap16(length))
                         .u32(0)
                         .bytes(extra)
                         .bytes(inner)
                         .take();
                 }});
}

PacketBuilder& PacketBuilder::ieee80211_data(std::string_view source, std::string_view destination, bool qos,
                                             bool is_protected) {
    const std::uint8_t flags = is_protected ? 0x42 : 0x02;
    return push({{}, [=, from = mac(source), to = mac(destination)](Bytes inner, Next, auto&) {
                     return Writer()
                         .u8(qos ? 0x88 : 0x08)
                         .u8(flags)
                         .u16(0)
                         .bytes(to)
                         .bytes(mac("02:00:00:00:00:aa"))
                         .bytes(from)
                         .u16(0)
                         .bytes(qos ? Bytes(2) : Bytes())
                         .bytes(inner)
                         .take();
                 }});
}

PacketBuilder& PacketBuilder::ieee80211(std::uint8_t type, std::uint8_t subtype) {
    return push({{}, [=](Bytes inner, Next, auto&) {
                     const auto control = static_cast<std::uint8_t>(subtype << 4 | type << 2);
                     return Writer()
                         .u8(control)
                         .u8(0)
                         .u16(0)
                         .bytes(mac("ff:ff:ff:ff:ff:ff"))
                         .bytes(mac(kSourceMac))
                         .bytes(mac(kSourceMac))
                         .u16(0)
                         .bytes(inner)
                         .take();
                 }});
}

PacketBuilder& PacketBuilder::arp(std::uint16_t operation, std::string_view sender_ip,
                                  std::string_view target_ip, std::string_view sender_mac,
                                  std::string_view target_mac) {
    return push({{0x0806, kNoProtocol},
                 [=, header = Writer()
                                  .u16(1)
                                  .u16(0x0800)
                                  .u8(6)
                                  .u8(4)
                                  .u16(operation)
                                  .bytes(mac(sender_mac))
                                  .bytes(address(sender_ip))
                                  .bytes(mac(target_mac))
                                  .bytes(address(target_ip))
                                  .take()](Bytes inner, Next, auto&) {
                     return join({header, inner});
                 }});
}

PacketBuilder& PacketBuilder::ipv4(std::string_view source, std::string_view destination, Ipv4Header header) {
    const Pseudo own{address(source), address(destination)};
    const auto wrap = [=](Bytes inner, Next next, auto&) {
        const Bytes options = padded(header.options, 4);
        const std::size_t size = 20 + options.size();
        const auto flags = (header.dont_fragment ? 0x4000U : 0U) | (header.more_fragments ? 0x2000U : 0U);
        const Bytes bare =
            Writer()
                .u8(static_cast<unsigned>(header.version) << 4 | header.header_words.value_or(words(size)))
                .u8(0)
                .u16(header.total_length.value_or(static_cast<std::uint16_t>(size + inner.size())))
                .u16(header.id)
                .u16(flags | header.fragment_offset / 8U)
                .u8(header.ttl)
                .u8(header.protocol.value_or(next.ip_protocol))
                .u16(0)
                .bytes(own.source)
                .bytes(own.destination)
                .bytes(options)
                .take();
        return join({with_own_checksum(bare, 10), inner});
    };
    return push({{0x0800, 4}, wrap, own});
}

PacketBuilder& PacketBuilder::ipv6(std::string_view source, std::string_view destination, Ipv6Header header) {
    const Pseudo own{address(source), address(destination)};
    const auto wrap = [=](Bytes inner, Next next, auto&) {
        return Writer()
            .u32(static_cast<std::uint32_t>(header.version) << 28)
            .u16(header.payload_length.value_or(static_cast<std::uint16_t>(inner.size())))
            .u8(header.next_header.value_or(next.ip_protocol))
            .u8(header.hop_limit)
            .bytes(own.source)
            .bytes(own.destination)
            .bytes(inner)
            .take();
    };
    return push({{0x86DD, 41}, wrap, own});
}

PacketBuilder& PacketBuilder::extension(std::uint8_t protocol, Bytes data) {
    return push({{kNoType, protocol}, [body = padded(std::move(data), 8, 2)](Bytes inner, Next next, auto&) {
                     const std::size_t units = (body.size() + 2) / 8 - 1;
                     return Writer().u8(next.ip_protocol).u8(units).bytes(body).bytes(inner).take();
                 }});
}

PacketBuilder& PacketBuilder::hop_by_hop(const Bytes& options) {
    return extension(0, options.empty() ? hex("0104 00000000") : options);
}

PacketBuilder& PacketBuilder::destination_options(const Bytes& options) {
    return extension(60, options.empty() ? hex("0104 00000000") : options);
}

PacketBuilder& PacketBuilder::routing(const Bytes& data) {
    return extension(43, data.empty() ? hex("0400 00000000") : data);
}

PacketBuilder& PacketBuilder::ipv6_fragment(std::uint16_t offset, bool more, std::uint32_t id,
                                            std::optional<std::uint8_t> next_header) {
    return push({{kNoType, 44}, [=](Bytes inner, Next next, auto&) {
                     return Writer()
                         .u8(next_header.value_or(next.ip_protocol))
                         .u8(0)
                         .u16((offset & 0xFFF8U) | (more ? 1U : 0U))
                         .u32(id)
                         .bytes(inner)
                         .take();
                 }});
}

PacketBuilder& PacketBuilder::authentication() {
    return push({{kNoType, 51}, [](Bytes inner, Next next, auto&) {
                     return Writer()
                         .u8(next.ip_protocol)
                         .u8(4)
                         .u16(0)
                         .u32(1)
                         .u32(1)
                         .bytes(Bytes(12))
                         .bytes(inner)
                         .take();
                 }});
}

PacketBuilder& PacketBuilder::gre(GreHeader header) {
    const auto wrap = [=](Bytes inner, Next next, auto&) {
        const unsigned flags = (header.checksum ? 0x8000U : 0U) | (header.key ? 0x2000U : 0U) |
                               (header.sequence ? 0x1000U : 0U) | header.version;
        Writer writer;
        writer.u16(flags).u16(header.type.value_or(next.ethertype));
        if (header.checksum) writer.u32(0);
        if (header.key) writer.u32(*header.key);
        if (header.sequence) writer.u32(*header.sequence);
        Bytes whole = writer.bytes(inner).take();
        return header.checksum ? with_own_checksum(std::move(whole), 4) : whole;
    };
    return push({{kNoType, 47}, wrap});
}

PacketBuilder& PacketBuilder::nflog(const Bytes& attributes) {
    return push({{}, [=](Bytes inner, Next next, auto&) {
                     const auto size = static_cast<std::uint16_t>(4 + inner.size());
                     return Writer()
                         .u8(next.ethertype == 0x86DD ? 10 : 2)
                         .u24(0)
                         .bytes(attributes)
                         .u16(__builtin_bswap16(size))
                         .u16(0x0900)
                         .bytes(inner)
                         .take();
                 }});
}

PacketBuilder& PacketBuilder::geneve(std::uint32_t network_id, const Bytes& options) {
    return push({{}, [=](Bytes inner, Next next, auto&) {
                     return Writer()
                         .u8(words(options.size()))
                         .u8(0)
                         .u16(next.ethertype)
                         .u24(network_id)
                         .u8(0)
                         .bytes(options)
                         .bytes(inner)
                         .take();
                 }});
}

PacketBuilder& PacketBuilder::gtp(std::uint32_t endpoint, const Bytes& optional) {
    return push({{}, [=](Bytes inner, Next, auto&) {
                     return Writer()
                         .u8(optional.empty() ? 0x30 : 0x34)
                         .u8(255)
                         .u16(optional.size() + inner.size())
                         .u32(endpoint)
                         .bytes(optional)
                         .bytes(inner)
                         .take();
                 }});
}

PacketBuilder& PacketBuilder::vxlan(std::uint32_t network_id) {
    return push({{}, [=](Bytes inner, Next, auto&) {
                     return Writer().u32(0x08000000).u24(network_id).u8(0).bytes(inner).take();
                 }});
}

PacketBuilder& PacketBuilder::udp(std::uint16_t source_port, std::uint16_t destination_port,
                                  std::optional<std::uint16_t> length) {
    return push({{kNoType, 17}, [=](Bytes inner, Next, const Pseudo& pseudo) {
                     const Bytes bare =
                         Writer()
                             .u16(source_port)
                             .u16(destination_port)
                             .u16(length.value_or(static_cast<std::uint16_t>(inner.size() + 8)))
                             .u16(0)
                             .bytes(inner)
                             .take();
                     return with_transport_checksum(bare, 6, 17, pseudo.source, pseudo.destination);
                 }});
}

PacketBuilder& PacketBuilder::tcp(std::uint16_t source_port, std::uint16_t destination_port,
                                  TcpHeader header) {
    return push({{kNoType, 6}, [=](Bytes inner, Next, const Pseudo& pseudo) {
                     const Bytes options = padded(header.options, 4);
                     const auto size = header.header_words.value_or(words(20 + options.size()));
                     const Bytes bare = Writer()
                                            .u16(source_port)
                                            .u16(destination_port)
                                            .u32(header.sequence)
                                            .u32(header.acknowledgement)
                                            .u8(static_cast<unsigned>(size) << 4)
                                            .u8(header.flags)
                                            .u16(64240)
                                            .u16(0)
                                            .u16(0)
                                            .bytes(options)
                                            .bytes(inner)
                                            .take();
                     return with_transport_checksum(bare, 16, 6, pseudo.source, pseudo.destination);
                 }});
}

PacketBuilder& PacketBuilder::sctp(std::uint16_t source_port, std::uint16_t destination_port) {
    return push({{kNoType, 132}, [=](Bytes inner, Next, auto&) {
                     return Writer().u16(source_port).u16(destination_port).u32(1).u32(0).bytes(inner).take();
                 }});
}

PacketBuilder& PacketBuilder::icmp(std::uint8_t type, std::uint8_t code, std::uint32_t rest) {
    return push({{kNoType, 1}, [=](Bytes inner, Next, auto&) {
                     return with_own_checksum(Writer().u8(type).u8(code).u16(0).u32(rest).bytes(inner).take(),
                                              2);
                 }});
}

PacketBuilder& PacketBuilder::icmpv6(std::uint8_t type, std::uint8_t code, std::uint32_t rest) {
    return push({{kNoType, 58}, [=](Bytes inner, Next, const Pseudo& pseudo) {
                     const Bytes bare = Writer().u8(type).u8(code).u16(0).u32(rest).bytes(inner).take();
                     return with_transport_checksum(bare, 2, 58, pseudo.source, pseudo.destination);
                 }});
}

PacketBuilder& PacketBuilder::igmp(std::uint8_t type, std::string_view group) {
    return push({{kNoType, 2}, [type, to = address(group)](Bytes inner, Next, auto&) {
                     return with_own_checksum(Writer().u8(type).u8(0).u16(0).bytes(to).bytes(inner).take(),
                                              2);
                 }});
}

PacketBuilder& PacketBuilder::payload(const Bytes& bytes) {
    return push({{kNoType, kNoProtocol}, [=](Bytes inner, Next, auto&) { return join({bytes, inner}); }});
}

PacketBuilder& PacketBuilder::payload(std::string_view characters) {
    return payload(text(characters));
}

Bytes PacketBuilder::build() const {
    Bytes bytes;
    Next next{kNoType, kNoProtocol};
    for (std::size_t i = layers_.size(); i-- > 0;) {
        Pseudo pseudo;
        for (std::size_t outer = i; outer-- > 0 && pseudo.source.empty();)
            if (layers_[outer].pseudo) pseudo = *layers_[outer].pseudo;
        bytes = layers_[i].wrap(std::move(bytes), next, pseudo);
        next = layers_[i].own;
    }
    return bytes;
}

}  // namespace packetsentry::test
