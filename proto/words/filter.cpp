#include "proto/words/filter.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/base/address.h"

namespace packetsentry::proto {
namespace {

constexpr std::size_t kAddressLimit = 64;

using base::PacketKind;
using Network = PacketKind::Network;

constexpr PacketKind network(Network network) {
    return {.network = network};
}
constexpr PacketKind transport(std::uint8_t number, Network network = Network::any) {
    return {.network = network, .ip_protocol = number};
}
constexpr std::uint8_t kIcmp = 1, kTcp = 6, kUdp = 17, kIcmp6 = 58, kSctp = 132;
constexpr PacketKind tcp(std::uint16_t port) {
    return {.ip_protocol = kTcp, .port = port};
}
constexpr PacketKind udp(std::uint16_t port) {
    return {.ip_protocol = kUdp, .port = port};
}

constexpr std::array kTcpWord{transport(kTcp)};
constexpr std::array kUdpWord{transport(kUdp)};
constexpr std::array kSctpWord{transport(kSctp)};
constexpr std::array kIcmpWord{transport(kIcmp, Network::ipv4)};
constexpr std::array kIcmp6Word{transport(kIcmp6, Network::ipv6)};
constexpr std::array kArpWord{network(Network::arp)};
constexpr std::array kIpWord{network(Network::ipv4)};
constexpr std::array kIp6Word{network(Network::ipv6)};
constexpr std::array kDns{udp(53), tcp(53)};
constexpr std::array kMdns{udp(5353)};
constexpr std::array kLlmnr{udp(5355), tcp(5355)};
constexpr std::array kHttp{tcp(80), tcp(443)};
constexpr std::array kTls{tcp(443), tcp(853), tcp(993), tcp(995), tcp(465), tcp(8443)};
constexpr std::array kQuic{udp(443)};
constexpr std::array kDhcp{udp(67), udp(68)};
constexpr std::array kDhcp6{udp(546), udp(547)};
constexpr std::array kNtp{udp(123)};
constexpr std::array kSsh{tcp(22)};

constexpr std::array kWords = {
    FilterWord{"tcp", kTcpWord, "TCP over IPv4 or IPv6"},
    FilterWord{"udp", kUdpWord, "UDP over IPv4 or IPv6"},
    FilterWord{"sctp", kSctpWord, "SCTP over IPv4 or IPv6"},
    FilterWord{"icmp", kIcmpWord, "ICMP: ping and errors of IPv4"},
    FilterWord{"icmp6", kIcmp6Word, "ICMPv6: ping, errors and neighbour discovery of IPv6"},
    FilterWord{"arp", kArpWord, "ARP: who has which IPv4 address"},
    FilterWord{"ip", kIpWord, "IPv4"},
    FilterWord{"ip6", kIp6Word, "IPv6"},
    FilterWord{"dns", kDns, "DNS on its own port"},
    FilterWord{"mdns", kMdns, "multicast DNS"},
    FilterWord{"llmnr", kLlmnr, "link-local name resolution"},
    FilterWord{"http", kHttp, "web: HTTP and HTTPS on their own ports"},
    FilterWord{"tls", kTls, "TLS on its usual ports"},
    FilterWord{"quic", kQuic, "QUIC (HTTP/3) on its own port"},
    FilterWord{"dhcp", kDhcp, "DHCP of IPv4"},
    FilterWord{"dhcp6", kDhcp6, "DHCP of IPv6"},
    FilterWord{"ntp", kNtp, "network time"},
    FilterWord{"ssh", kSsh, "SSH on its own port"},
};

base::Result<std::span<const PacketKind>> kinds_of(const std::string& word) {
    const auto* found = std::ranges::find(kWords, word, &FilterWord::name);
    if (found != kWords.end()) return found->kinds;
    std::string list;
    for (const FilterWord& known : kWords) list += (list.empty() ? "" : ", ") + std::string(known.name);
    return base::fail(
        base::ErrorCode::filter,
        "unknown protocol '" + word + "' after -f; for a BPF expression use --bpf; known: " + list);
}

// libpcap has the same names for what one kind is.
std::string kind_text(const PacketKind& kind) {
    const PacketKind bare{.network = kind.network, .ip_protocol = kind.ip_protocol};
    for (const FilterWord& word : kWords)
        if (word.kinds.size() == 1 && word.kinds.front() == bare)
            return std::string(word.name) + (kind.port == 0 ? "" : " port " + std::to_string(kind.port));
    return {};
}

// A packet passes where it is of one of the words' kinds, so each word counts once.
base::Result<std::vector<PacketKind>> kinds_of_all(const wire::Filter& filter) {
    if (static_cast<std::size_t>(filter.protocol_size()) > kWords.size())
        return base::fail(base::ErrorCode::filter, "more protocols after -f than there are: " +
                                                       std::to_string(filter.protocol_size()));
    std::vector<std::string> words;
    for (const std::string& word : filter.protocol())
        if (std::ranges::find(words, word) == words.end()) words.push_back(word);
    std::vector<PacketKind> kinds;
    for (const std::string& word : words) {
        const auto more = kinds_of(word);
        if (!more) return std::unexpected(more.error());
        kinds.insert(kinds.end(), more->begin(), more->end());
    }
    return kinds;
}

std::optional<int> prefix_length(std::string_view text) {
    int length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (error != std::errc{} || end != text.data() + text.size() || length < 0) return std::nullopt;
    return length;
}

// The network part of a CIDR with the host bits cleared: libpcap refuses any that are set.
base::Address masked(base::Address address, int bits) {
    for (int i = 0; i < address.size; ++i) {
        const int keep = std::clamp(bits - 8 * i, 0, 8);
        address.bytes[static_cast<std::size_t>(i)] &= static_cast<std::byte>(0xff00 >> keep);
    }
    return address;
}

base::Result<base::AddressPrefix> address_prefix(const std::string& text) {
    const std::size_t slash = text.find('/');
    const auto address = base::parse_ip(std::string_view(text).substr(0, slash));
    const int whole = address ? 8 * address->size : 0;
    const auto bits = slash == std::string::npos ? std::optional(whole)
                                                 : prefix_length(std::string_view(text).substr(slash + 1));
    if (text.size() > kAddressLimit || !address || !bits || *bits > whole)
        return base::fail(
            base::ErrorCode::filter,
            "'" + text + "' is not a numeric address; write 192.0.2.7, 2001:db8::7 or 192.0.2.0/24");
    return base::AddressPrefix{masked(*address, *bits), *bits};
}

std::string prefix_text(const base::AddressPrefix& prefix) {
    const std::string address = base::to_string(prefix.address);
    if (prefix.bits == 8 * prefix.address.size) return "host " + address;
    return "net " + address + "/" + std::to_string(prefix.bits);
}

// Each in brackets, where there are several.
std::string all_of(const std::vector<std::string>& parts) {
    if (parts.size() == 1) return parts.front();
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "(" : " and (") + part + ")";
    return text;
}

std::vector<std::string> option_texts(const base::PacketFilter& filter) {
    std::vector<std::string> parts;
    std::string kinds;
    for (const PacketKind& kind : filter.kinds) kinds += (kinds.empty() ? "" : " or ") + kind_text(kind);
    if (!kinds.empty()) parts.push_back(std::move(kinds));
    if (filter.address) parts.push_back(prefix_text(*filter.address));
    if (filter.port != 0) parts.push_back("port " + std::to_string(filter.port));
    return parts;
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

base::Result<void> check_text(const std::string& what, const std::string& text, std::size_t limit) {
    if (text.size() > limit)
        return base::fail(base::ErrorCode::filter, "the " + what + " has " + std::to_string(text.size()) +
                                                       " bytes; at most " + std::to_string(limit) +
                                                       " are allowed");
    if (std::ranges::any_of(text, is_control))
        return base::fail(base::ErrorCode::filter, "the " + what + " has a control character in it");
    return {};
}

}  // namespace

std::span<const FilterWord> filter_words() {
    return kWords;
}

base::Result<base::PacketFilter> packet_filter(const wire::Filter& filter) {
    auto kinds = kinds_of_all(filter);
    if (!kinds) return std::unexpected(kinds.error());
    base::PacketFilter wanted{.kinds = std::move(*kinds)};
    if (!filter.address().empty()) {
        const auto prefix = address_prefix(filter.address());
        if (!prefix) return std::unexpected(prefix.error());
        wanted.address = *prefix;
    }
    if (filter.port() > 65535)
        return base::fail(base::ErrorCode::filter,
                          "port " + std::to_string(filter.port()) + " is not in 1 to 65535");
    wanted.port = static_cast<std::uint16_t>(filter.port());
    return wanted;
}

std::string options_text(const base::PacketFilter& filter) {
    return all_of(option_texts(filter));
}

base::Result<std::string> filter_text(const wire::Filter& filter) {
    const auto options = packet_filter(filter);
    if (!options) return std::unexpected(options.error());
    if (auto fits = check_text("BPF expression", filter.bpf(), kFilterTextLimit); !fits)
        return std::unexpected(fits.error());
    if (auto fits = check_text("display filter", filter.display(), kDisplayTextLimit); !fits)
        return std::unexpected(fits.error());
    std::vector<std::string> parts = option_texts(*options);
    if (!filter.bpf().empty()) parts.push_back(filter.bpf());
    return all_of(parts);
}

std::string whole_filter_text(const std::string& required, const std::string& own) {
    if (required.empty() || own.empty()) return required + own;
    return "(" + required + ") and (" + own + ")";
}

}  // namespace packetsentry::proto
