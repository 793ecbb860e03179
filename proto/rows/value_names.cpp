#include "proto/rows/value_names.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "proto/rows/transport.h"

namespace packetsentry::rows {
namespace {

using Reading = NamedNumbers::Reading;

constexpr std::array<ValueName, kTransports.size()> kTransportNames = [] {
    std::array<ValueName, kTransports.size()> names{};
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = {kTransports[i].number, kTransports[i].word};
    return names;
}();

constexpr ValueName kDnsMessageNames[] = {{0, "query"}, {1, "answer"}};

// RFC 9293 section 3.1; the number is the value of the bit.
constexpr ValueName kTcpFlagNames[] = {{0x01, "FIN"}, {0x02, "SYN"}, {0x04, "RST"}, {0x08, "PSH"},
                                       {0x10, "ACK"}, {0x20, "URG"}, {0x40, "ECE"}, {0x80, "CWR"}};

// RFC 5905 section 7.3.
constexpr ValueName kNtpModeNames[] = {{1, "symmetric active"}, {2, "symmetric passive"}, {3, "client"},
                                       {4, "server"},           {5, "broadcast"},         {6, "control"},
                                       {7, "private"}};

constexpr ValueName kTlsVersionNames[] = {{0x0002, "2.0"}, {0x0300, "3.0"}, {0x0301, "1.0"},
                                          {0x0302, "1.1"}, {0x0303, "1.2"}, {0x0304, "1.3"}};

// RFC 8446 section 5.1. Each handshake message is one of type 22, and so is an encrypted one.
constexpr ValueName kTlsContentNames[] = {
    {20, "Change Cipher Spec"}, {23, "Application Data"},    {21, "Alert"},
    {22, "Handshake"},          {22, "Hello Request"},       {22, "Client Hello"},
    {22, "Server Hello"},       {22, "New Session Ticket"},  {22, "Hello Retry Request"},
    {22, "Certificate"},        {22, "Server Key Exchange"}, {22, "Certificate Request"},
    {22, "Server Hello Done"},  {22, "Certificate Verify"},  {22, "Client Key Exchange"},
    {22, "Certificate Status"}};
constexpr auto kTlsAlertContent = std::span(kTlsContentNames).subspan(2, 1);
constexpr auto kTlsHandshakeContent = std::span(kTlsContentNames).subspan(3);

// RFC 791 section 3.1, RFC 8200 section 3.
constexpr ValueName kIpVersionNames[] = {{4, "ipv4"}, {6, "ipv6"}};

// linux/if_packet.h. What was received for this machine, for several or for others is all ingress.
constexpr ValueName kPacketTypeNames[] = {{0, "ingress"}, {4, "egress"}};

// RFC 9000 section 15, RFC 9369 section 3.1.
constexpr ValueName kQuicVersionNames[] = {{0x00000001, "1"},
                                           {0x6B3343CF, "2"},
                                           {0xFF00001B, "draft-27"},
                                           {0xFF00001C, "draft-28"},
                                           {0xFF00001D, "draft-29"}};

// RFC 9000 section 17.2, by the numbers of version 1.
constexpr ValueName kQuicPacketNames[] = {{0, "Initial"}, {1, "0-RTT"}, {2, "Handshake"}, {3, "Retry"}};

constexpr ValueName kWireguardNames[] = {
    {1, "Handshake initiation"}, {2, "Handshake response"}, {3, "Cookie reply"}, {4, "Transport data"}};

constexpr bool kComplete = true;

constexpr NamedNumbers kNamedNumbers[] = {
    {"dns.answers.class", kDnsClassNames, "CLASS", Reading::whole, kComplete},
    {"dns.answers.type", kDnsTypeNames, "TYPE", Reading::whole, kComplete},
    {"dns.op_code", kDnsOperationNames, "", Reading::whole, kComplete},
    {"dns.question.class", kDnsClassNames, "CLASS", Reading::whole, kComplete},
    {"dns.question.type", kDnsTypeNames, "TYPE", Reading::whole, kComplete},
    {"dns.response_code", kDnsResponseNames, "RCODE", Reading::whole, kComplete},
    {"dns.type", kDnsMessageNames, "", Reading::whole, kComplete},
    {"network.iana_number", kTransportNames, "", Reading::whole, kComplete},
    {"packetsentry.dhcp.message_type", kDhcpMessageNames, "", Reading::whole, kComplete},
    {"packetsentry.dhcpv6.message_type", kDhcpv6MessageNames, "", Reading::whole, kComplete},
    {"packetsentry.dns.additionals.class", kDnsClassNames, "CLASS", Reading::whole, kComplete},
    {"packetsentry.dns.additionals.type", kDnsTypeNames, "TYPE", Reading::whole, kComplete},
    {"packetsentry.dns.authorities.class", kDnsClassNames, "CLASS", Reading::whole, kComplete},
    {"packetsentry.dns.authorities.type", kDnsTypeNames, "TYPE", Reading::whole, kComplete},
    {"packetsentry.ntp.mode", kNtpModeNames, "", Reading::whole, kComplete},
    {"packetsentry.quic.packet_type", kQuicPacketNames},
    {"packetsentry.quic.version", kQuicVersionNames},
    {"packetsentry.tcp.flag_bits", kTcpFlagNames, "", Reading::bits, kComplete},
    {"packetsentry.tls.alert.description", kTlsAlertNames, "", Reading::whole, kComplete},
    {"packetsentry.tls.alert.level", kTlsAlertLevelNames, "", Reading::whole, kComplete},
    {"packetsentry.tls.further_messages", kTlsHandshakeNames},
    {"packetsentry.tls.message", kTlsHandshakeNames},
    {"packetsentry.tls.supported_versions", kTlsVersionNames},
    {"packetsentry.wireguard.message", kWireguardNames, "", Reading::whole, kComplete},
    {"tls.version", kTlsVersionNames},
};

// What one Wireshark name reads otherwise than the path does.
struct OwnReading {
    std::string_view wireshark;
    NamedNumbers numbers;
};
constexpr NamedNumbers only(std::string_view path, std::span<const ValueName> names) {
    return {.path = path, .names = names, .only = true};
}

constexpr std::string_view kTlsMessage = "packetsentry.tls.message";
constexpr std::string_view kTlsFurther = "packetsentry.tls.further_messages";

constexpr OwnReading kOwnReadings[] = {
    {"ip.version", only("network.type", kIpVersionNames)},
    {"quic.long.packet_type", only("packetsentry.quic.packet_type", kQuicPacketNames)},
    {"sll.pkttype", only("network.direction", kPacketTypeNames)},
    {"tls.alert_message", only(kTlsFurther, kTlsAlertContent)},
    {"tls.alert_message", only(kTlsMessage, kTlsAlertContent)},
    {"tls.handshake", only(kTlsFurther, kTlsHandshakeContent)},
    {"tls.handshake", only(kTlsMessage, kTlsHandshakeContent)},
    {"tls.handshake.type", only(kTlsFurther, kTlsHandshakeNames)},
    {"tls.handshake.type", only(kTlsMessage, kTlsHandshakeNames)},
    {"tls.record.content_type", only(kTlsFurther, kTlsContentNames)},
    {"tls.record.content_type", only(kTlsMessage, kTlsContentNames)},
};

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_without_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::optional<std::uint32_t> find_number(std::span<const ValueName> names, std::string_view text) {
    for (const auto& [number, name] : names)
        if (name.size() == text.size() && equal_without_case(name, text)) return number;
    return std::nullopt;
}

std::optional<std::uint32_t> number_behind(std::string_view before, std::string_view text) {
    if (before.empty() || text.size() <= before.size() ||
        !equal_without_case(before, text.substr(0, before.size())))
        return std::nullopt;
    std::uint32_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + before.size(), end, number);
    if (error != std::errc() || stop != end) return std::nullopt;
    return number;
}

std::optional<std::uint32_t> bits_of(std::span<const ValueName> names, std::string_view text) {
    std::uint32_t bits = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(','), text.size());
        const auto bit = find_number(names, text.substr(0, end));
        if (!bit) return std::nullopt;
        bits |= *bit;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return bits;
}

}  // namespace

std::optional<std::uint32_t> NamedNumbers::number_of(std::string_view text) const {
    if (reading == Reading::bits) return bits_of(names, text);
    if (const auto number = find_number(names, text)) return number;
    return number_behind(unnamed, text);
}

std::string NamedNumbers::name_of(std::uint32_t number) const {
    if (reading == Reading::whole) {
        if (const auto name = name_in(names, number); !name.empty()) return std::string(name);
        return unnamed.empty() ? std::string() : std::string(unnamed) + std::to_string(number);
    }
    std::string text;
    for (const auto& [bit, name] : names) {
        if ((number & bit) == 0) continue;
        if (!text.empty()) text += ',';
        text += name;
    }
    return text;
}

const NamedNumbers* named_numbers(std::string_view path, std::string_view wireshark) {
    for (const OwnReading& row : kOwnReadings)
        if (row.wireshark == wireshark && row.numbers.path == path) return &row.numbers;
    const auto* const found = std::ranges::find(kNamedNumbers, path, &NamedNumbers::path);
    return found == std::ranges::end(kNamedNumbers) ? nullptr : found;
}

}  // namespace packetsentry::rows
