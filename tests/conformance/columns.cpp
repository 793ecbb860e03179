#include "tests/conformance/columns.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <iterator>
#include <map>
#include <sstream>

#include "daemon/base/address.h"
#include "daemon/dissect/application/dns_words.h"
#include "proto/rows/fields.h"

namespace packetsentry::conformance {
namespace {

using dissect::Field;
using dissect::FieldKind;
using dissect::Network;

Values one(std::string value) {
    return {std::move(value)};
}
Values first_of(Values values) {
    if (values.size() > 1) values.resize(1);
    return values;
}

std::string hex_number(std::uint64_t number, int digits) {
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "0x%0*llx", digits, static_cast<unsigned long long>(number));
    return text.data();
}

std::string mac_text(const base::Address& address) {
    std::string text = base::to_string(address);
    for (char& c : text) c = c == '-' ? ':' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

std::string field_text(const Field& field) {
    switch (field.info->kind) {
        case FieldKind::number:
            return std::to_string(field.number);
        case FieldKind::address:
            return base::to_string(field.address);
        default:
            return std::string(field.text);
    }
}

Values field(const Ours& ours, std::string_view path) {
    Values values;
    for (const Field& there : ours.dissection.fields())
        if (there.info->path == path) values.push_back(field_text(there));
    return values;
}

template <std::size_t Size>
struct Path {
    std::array<char, Size> text{};
    // A path that the table of fields has not does not compile.
    consteval Path(const char (&characters)[Size]) {
        std::copy_n(characters, Size, text.begin());
        (void)rows::field(view());
    }
    [[nodiscard]] constexpr std::string_view view() const { return {text.data(), Size - 1}; }
};
template <Path path>
Values field_at(const Ours& ours) {
    return field(ours, path.view());
}

// A word of ours as the truth's number.
Values numbered(Values words, const std::map<std::string, std::string>& numbers) {
    for (std::string& word : words)
        if (const auto found = numbers.find(word); found != numbers.end()) word = found->second;
    return words;
}

// --- the truth's side

Values as_told(const Table& table, std::size_t row, std::string_view column) {
    return table.values(row, column);
}

Values first_told(const Table& table, std::size_t row, std::string_view column) {
    return first_of(table.values(row, column));
}

// Of a packet that an ICMP error quotes we do not tell these.
bool quoted(const Table& table, std::size_t row) {
    return table.cell(row, "quoted") == "1";
}

Values unquoted(const Table& table, std::size_t row, std::string_view column) {
    return quoted(table, row) ? Values{} : as_told(table, row, column);
}

Values first_unquoted(const Table& table, std::size_t row, std::string_view column) {
    return first_of(unquoted(table, row, column));
}

// A number as the word that we have for it.
template <std::string (*word)(unsigned long)>
Values words_told(const Table& table, std::size_t row, std::string_view column) {
    Values values = unquoted(table, row, column);
    for (std::string& value : values) value = word(std::stoul(value, nullptr, 0));
    return first_of(values);
}

std::string type_word(unsigned long type) {
    dissect::Dissection scratch;
    scratch.reset();
    return std::string(dissect::dns_type_word(static_cast<std::uint16_t>(type), scratch));
}

std::string response_word(unsigned long code) {
    dissect::Dissection scratch;
    scratch.reset();
    return std::string(dissect::dns_response_word(static_cast<std::uint16_t>(code), scratch));
}

Values malformed_told(const Table& table, std::size_t row, std::string_view column) {
    return one(table.values(row, column).empty() ? "no" : "yes");
}

// A packet without a timestamp has an empty cell.
Values time_told(const Table& table, std::size_t row, std::string_view column) {
    return one(table.cell(row, column));
}

// --- our side

Values time_of(const Ours& ours) {
    if (!ours.packet.has_time) return one("");
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%lld.%09lld",
                  static_cast<long long>(ours.packet.time_ns / 1'000'000'000),
                  static_cast<long long>(ours.packet.time_ns % 1'000'000'000));
    return one(text.data());
}

Values wire_bytes(const Ours& ours) {
    return one(std::to_string(ours.packet.wire_bytes));
}
Values captured_bytes(const Ours& ours) {
    return one(std::to_string(ours.packet.frame.size()));
}

Values network(const Ours& ours) {
    switch (ours.dissection.network) {
        case Network::ipv4:
            return one("ip");
        case Network::ipv6:
            return one("ipv6");
        case Network::arp:
            return one("arp");
        default:
            return {};
    }
}

Values address(const base::Address& address) {
    return address ? one(base::to_string(address)) : Values{};
}
Values source(const Ours& ours) {
    return address(ours.dissection.source);
}
Values destination(const Ours& ours) {
    return address(ours.dissection.destination);
}

Values mac(const base::Address& address) {
    return address ? one(mac_text(address)) : Values{};
}
Values source_mac(const Ours& ours) {
    return mac(ours.dissection.source_mac);
}
Values destination_mac(const Ours& ours) {
    return mac(ours.dissection.destination_mac);
}

Values transport(const Ours& ours) {
    static const std::map<int, std::string> names = {
        {1, "icmp"}, {2, "igmp"}, {4, "ipip"},    {6, "tcp"},   {17, "udp"},  {41, "ipip"},  {47, "gre"},
        {50, "esp"}, {51, "ah"},  {58, "icmpv6"}, {89, "ospf"}, {103, "pim"}, {115, "l2tp"}, {132, "sctp"},
    };
    const auto found = names.find(ours.dissection.ip_protocol);
    return found == names.end() ? Values{} : one(found->second);
}

Values ip_protocol(const Ours& ours) {
    if (ours.dissection.network != Network::ipv4) return {};
    return one(std::to_string(ours.dissection.ip_protocol));
}

Values source_port(const Ours& ours) {
    return ours.dissection.has_ports ? one(std::to_string(ours.dissection.source_port)) : Values{};
}
Values destination_port(const Ours& ours) {
    return ours.dissection.has_ports ? one(std::to_string(ours.dissection.destination_port)) : Values{};
}

// Both protocols fill the same fields; the truth keeps them apart.
template <Path path>
Values of_icmp(const Ours& ours) {
    return ours.dissection.protocol->word == "ICMP" ? field(ours, path.view()) : Values{};
}
template <Path path>
Values of_icmpv6(const Ours& ours) {
    return ours.dissection.protocol->word == "ICMPv6" ? field(ours, path.view()) : Values{};
}

// --- numbers of headers

bool has_ip(const Ours& ours) {
    return ours.dissection.source &&
           (ours.dissection.network == Network::ipv4 || ours.dissection.network == Network::ipv6);
}
bool has_ipv4(const Ours& ours) {
    return has_ip(ours) && ours.dissection.network == Network::ipv4;
}
bool has_tcp(const Ours& ours) {
    return ours.dissection.headers.tcp_flags != 0;
}

Values ttl(const Ours& ours) {
    return has_ipv4(ours) ? one(std::to_string(ours.dissection.headers.hop_limit)) : Values{};
}
Values fragment_offset(const Ours& ours) {
    return has_ipv4(ours) ? one(std::to_string(ours.dissection.headers.fragment & 0x1FFF)) : Values{};
}
Values more_fragments(const Ours& ours) {
    const bool more = (ours.dissection.headers.fragment & dissect::kMoreFragments) != 0;
    return has_ipv4(ours) ? one(more ? "1" : "0") : Values{};
}
Values tcp_flags(const Ours& ours) {
    return has_tcp(ours) ? one(hex_number(ours.dissection.headers.tcp_flags & 0x0FFF, 4)) : Values{};
}
Values tcp_payload(const Ours& ours) {
    return has_tcp(ours) ? one(std::to_string(ours.dissection.headers.tcp_payload_bytes)) : Values{};
}
Values udp_length(const Ours& ours) {
    const std::uint16_t length = ours.dissection.headers.udp_length;
    return length != 0 ? one(std::to_string(length)) : Values{};
}

// --- the chain of layers

// The outermost of Ethernet alone: the truth has other columns for other links.
Values ethertype(const Ours& ours) {
    const auto& layers = ours.dissection.layers;
    const bool ethernet = !layers.names().empty() && layers.names().front() == dissect::LayerName::eth;
    return ethernet && layers.ethertype() != 0 ? one(hex_number(layers.ethertype(), 4)) : Values{};
}

// The truth knows what a payload is by the packets before it too, and reads protocols that nobody reads here.
// So what is compared ends where the first payload begins.
constexpr std::string_view kPayloads[] = {"bjnp", "data", "db-lsp-disc", "dhcp", "dhcpv6", "dns",
                                          "ftp",  "http", "llmnr",       "mdns", "nbns",   "ntp",
                                          "quic", "ssdp", "ssh",         "tls"};

Values headers_of(const std::string& chain) {
    std::istringstream names(chain);
    std::string headers;
    for (std::string name; std::getline(names, name, ':');) {
        if (std::ranges::find(kPayloads, name) != std::end(kPayloads)) break;
        headers += (headers.empty() ? "" : ":") + name;
    }
    return headers.empty() ? Values{} : one(headers);
}

Values layers(const Ours& ours) {
    std::string chain;
    ours.dissection.append_layers(chain);
    return headers_of(chain);
}

Values layers_told(const Table& table, std::size_t row, std::string_view column) {
    return headers_of(table.cell(row, column));
}

// From the outside in.
Values vlan_ids(const Ours& ours) {
    Values ids;
    for (const std::string_view path :
         {"network.vlan.id", "packetsentry.vlan.between", "network.inner.vlan.id"})
        std::ranges::move(field(ours, path), std::back_inserter(ids));
    return ids;
}

Values dns_id(const Ours& ours) {
    Values values = field(ours, "dns.id");
    for (std::string& value : values) value = hex_number(std::stoul(value), 4);
    return values;
}

Values dns_direction(const Ours& ours) {
    return numbered(field(ours, "dns.type"), {{"query", "0"}, {"answer", "1"}});
}

Values resolved(const Ours& ours, std::uint8_t size) {
    Values values;
    for (const Field& there : ours.dissection.fields())
        if ((there.info->path == "dns.resolved_ip" || there.info->path == "packetsentry.dns.additional_ip") &&
            there.address.size == size)
            values.push_back(field_text(there));
    return values;
}
Values resolved_ipv4(const Ours& ours) {
    return resolved(ours, 4);
}
Values resolved_ipv6(const Ours& ours) {
    return resolved(ours, 16);
}

Values http_target(const Ours& ours) {
    Values values = field(ours, "url.path");
    const Values query = field(ours, "url.query");
    if (!values.empty() && !query.empty()) values.front() += '?' + query.front();
    return values;
}

// The truth has the port too.
Values host_told(const Table& table, std::size_t row, std::string_view column) {
    Values values = unquoted(table, row, column);
    for (std::string& value : values) value.resize(std::min(value.find(':'), value.size()));
    return values;
}

const std::map<std::string, std::string> kHandshakeNumbers = {
    {"Hello Request", "0"},        {"Client Hello", "1"},        {"Server Hello", "2"},
    {"New Session Ticket", "4"},   {"Certificate", "11"},        {"Server Key Exchange", "12"},
    {"Certificate Request", "13"}, {"Server Hello Done", "14"},  {"Certificate Verify", "15"},
    {"Client Key Exchange", "16"}, {"Certificate Status", "22"},
};

// Of the messages in a QUIC packet we tell a client's hello, the truth those of the server too: here those of
// TCP alone are compared, and QUIC by the server's name.
Values tls_message(const Ours& ours) {
    return field(ours, "packetsentry.quic.version").empty() ? field(ours, "packetsentry.tls.message")
                                                            : Values{};
}

Values tls_handshake(const Ours& ours) {
    const Values values = tls_message(ours);
    return values.empty() || !kHandshakeNumbers.contains(values.front())
               ? Values{}
               : numbered(values, kHandshakeNumbers);
}

Values tls_content(const Ours& ours) {
    Values values = tls_message(ours);
    if (!tls_handshake(ours).empty()) values = one("Handshake");
    return numbered(
        values,
        {{"Change Cipher Spec", "20"}, {"Alert", "21"}, {"Handshake", "22"}, {"Application Data", "23"}});
}

// The truth's is of the handshake in a QUIC packet's encrypted part too.
Values handshake_told(const Table& table, std::size_t row, std::string_view column) {
    return table.cell(row, "quic.version").empty() ? first_unquoted(table, row, column) : Values{};
}

Values quic_version(const Ours& ours) {
    Values values = field(ours, "packetsentry.quic.version");
    for (std::string& value : values)
        if (value == "1") value = hex_number(1, 8);
    return values;
}

Values dhcp_type(const Ours& ours) {
    return numbered(field(ours, "packetsentry.dhcp.message_type"), {{"Discover", "1"},
                                                                    {"Offer", "2"},
                                                                    {"Request", "3"},
                                                                    {"Decline", "4"},
                                                                    {"ACK", "5"},
                                                                    {"NAK", "6"},
                                                                    {"Release", "7"},
                                                                    {"Inform", "8"}});
}

Values malformed(const Ours& ours) {
    return one(ours.dissection.malformed ? "yes" : "no");
}

constexpr Column kColumns[] = {
    {"frame.time_epoch", time_of, time_told},
    {"frame.len", wire_bytes, as_told},
    {"frame.cap_len", captured_bytes, as_told},
    {"net", network, as_told},
    {"net_src", source, as_told},
    {"net_dst", destination, as_told},
    {"l4", transport, as_told, true},
    {"ip.proto", ip_protocol, first_told, true},
    {"sport", source_port, as_told},
    {"dport", destination_port, as_told},
    {"eth.src", source_mac, first_told, true},
    {"eth.dst", destination_mac, first_told, true},
    {"frame.protocols", layers, layers_told},
    {"eth.type", ethertype, first_told},
    {"vlan.id", vlan_ids, as_told},
    {"mpls.label", field_at<"packetsentry.mpls.label">, as_told},
    {"icmp.type", of_icmp<"packetsentry.icmp.type">, first_told},
    {"icmp.code", of_icmp<"packetsentry.icmp.code">, first_told},
    {"icmpv6.type", of_icmpv6<"packetsentry.icmp.type">, first_told},
    {"icmpv6.code", of_icmpv6<"packetsentry.icmp.code">, first_told},
    {"arp.opcode", field_at<"packetsentry.arp.opcode">, first_told},
    {"ip.ttl", ttl, first_told, true},
    {"ip.frag_offset", fragment_offset, first_told, true},
    {"ip.flags.mf", more_fragments, first_told, true},
    {"tcp.flags", tcp_flags, first_unquoted},
    {"tcp.len", tcp_payload, first_unquoted},
    {"udp.length", udp_length, first_unquoted},
    {"dns.id", dns_id, first_unquoted},
    {"dns.flags.response", dns_direction, first_unquoted},
    {"dns.flags.rcode", field_at<"dns.response_code">, words_told<response_word>},
    {"dns.qry.name", field_at<"dns.question.name">, first_unquoted},
    {"dns.qry.type", field_at<"dns.question.type">, words_told<type_word>},
    {"dns.a", resolved_ipv4, unquoted},
    {"dns.aaaa", resolved_ipv6, unquoted},
    {"http.request.method", field_at<"http.request.method">, first_unquoted},
    {"http.host", field_at<"url.domain">, host_told},
    {"http.request.uri", http_target, first_unquoted},
    {"http.response.code", field_at<"http.response.status_code">, first_unquoted},
    {"tls.record.content_type", tls_content, first_unquoted},
    {"tls.handshake.type", tls_handshake, handshake_told},
    {"tls.handshake.extensions_server_name", field_at<"tls.client.server_name">, first_unquoted},
    {"quic.version", quic_version, first_unquoted},
    {"dhcp.option.dhcp", dhcp_type, first_unquoted},
    {"_ws.malformed", malformed, malformed_told},
};

}  // namespace

std::span<const Column> columns() {
    return kColumns;
}

}  // namespace packetsentry::conformance
