#include "proto/filter.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "daemon/base/address.h"

namespace packetsentry::proto {
namespace {

constexpr std::size_t kAddressLimit = 64;

constexpr std::array kWords = {
    FilterWord{"tcp", "tcp", "TCP over IPv4 or IPv6"},
    FilterWord{"udp", "udp", "UDP over IPv4 or IPv6"},
    FilterWord{"sctp", "sctp", "SCTP over IPv4 or IPv6"},
    FilterWord{"icmp", "icmp", "ICMP: ping and errors of IPv4"},
    FilterWord{"icmp6", "icmp6", "ICMPv6: ping, errors and neighbour discovery of IPv6"},
    FilterWord{"arp", "arp", "ARP: who has which IPv4 address"},
    FilterWord{"ip", "ip", "IPv4"},
    FilterWord{"ip6", "ip6", "IPv6"},
    FilterWord{"dns", "udp port 53 or tcp port 53", "DNS on its own port"},
    FilterWord{"mdns", "udp port 5353", "multicast DNS"},
    FilterWord{"llmnr", "udp port 5355 or tcp port 5355", "link-local name resolution"},
    FilterWord{"http", "tcp port 80 or tcp port 443", "web: HTTP and HTTPS on their own ports"},
    FilterWord{
        "tls",
        "tcp port 443 or tcp port 853 or tcp port 993 or tcp port 995 or tcp port 465 or tcp port 8443",
        "TLS on its usual ports"},
    FilterWord{"quic", "udp port 443", "QUIC (HTTP/3) on its own port"},
    FilterWord{"dhcp", "udp port 67 or udp port 68", "DHCP of IPv4"},
    FilterWord{"dhcp6", "udp port 546 or udp port 547", "DHCP of IPv6"},
    FilterWord{"ntp", "udp port 123", "network time"},
    FilterWord{"ssh", "tcp port 22", "SSH on its own port"},
};

base::Result<std::string> word_text(const std::string& word) {
    const auto* found = std::ranges::find(kWords, word, &FilterWord::name);
    if (found != kWords.end()) return std::string(found->bpf);
    std::string list;
    for (const FilterWord& known : kWords) list += (list.empty() ? "" : ", ") + std::string(known.name);
    return base::fail(
        base::ErrorCode::filter,
        "unknown protocol '" + word + "' after -f; for a BPF expression use --bpf; known: " + list);
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

base::Result<std::string> address_text(const std::string& text) {
    const std::size_t slash = text.find('/');
    const auto address = base::parse_ip(std::string_view(text).substr(0, slash));
    if (address && slash == std::string::npos) return "host " + base::to_string(*address);
    const auto bits =
        slash == std::string::npos ? std::nullopt : prefix_length(std::string_view(text).substr(slash + 1));
    if (text.size() > kAddressLimit || !address || !bits || *bits > 8 * address->size)
        return base::fail(
            base::ErrorCode::filter,
            "'" + text + "' is not a numeric address; write 192.0.2.7, 2001:db8::7 or 192.0.2.0/24");
    return "net " + base::to_string(masked(*address, *bits)) + "/" + std::to_string(*bits);
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

std::span<const FilterWord> filter_words() {
    return kWords;
}

base::Result<std::string> filter_text(const wire::Filter& filter) {
    std::vector<std::string> parts;
    if (!filter.protocol().empty()) {
        auto text = word_text(filter.protocol());
        if (!text) return text;
        parts.push_back(std::move(*text));
    }
    if (!filter.address().empty()) {
        auto text = address_text(filter.address());
        if (!text) return text;
        parts.push_back(std::move(*text));
    }
    if (filter.port() > 65535)
        return base::fail(base::ErrorCode::filter,
                          "port " + std::to_string(filter.port()) + " is not in 1 to 65535");
    if (filter.port() != 0) parts.push_back("port " + std::to_string(filter.port()));
    if (filter.bpf().size() > kFilterTextLimit)
        return base::fail(base::ErrorCode::filter,
                          "the BPF expression has " + std::to_string(filter.bpf().size()) +
                              " bytes; at most " + std::to_string(kFilterTextLimit) + " are taken");
    if (std::ranges::any_of(filter.bpf(), is_control))
        return base::fail(base::ErrorCode::filter, "the BPF expression has a control character in it");
    if (!filter.bpf().empty()) parts.push_back(filter.bpf());

    if (parts.empty()) return std::string();
    if (parts.size() == 1) return parts.front();
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "(" : " and (") + part + ")";
    return text;
}

std::string whole_filter_text(const std::string& required, const std::string& own) {
    if (required.empty() || own.empty()) return required + own;
    return "(" + required + ") and (" + own + ")";
}

}  // namespace packetsentry::proto
