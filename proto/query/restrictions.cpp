#include "proto/query/restrictions.h"

#include "proto/messages/batch.pb.h"

namespace packetsentry::query {
namespace {

using Kind = Restriction::Kind;

constexpr std::uint8_t kIpv4Bytes = 4, kMacBytes = 6, kIpv6Bytes = 16;

// The columns of the outermost headers are shared by protocols, so a protocol's name asks them in its rows
// only.
struct Family {
    std::string_view prefix;
    Restriction outermost;
    std::uint8_t address_size = 0;
};
constexpr Family kFamilies[] = {
    {"ip.", {Kind::network, wire::NETWORK_IPV4}, kIpv4Bytes},
    {"ipv6.", {Kind::network, wire::NETWORK_IPV6}, kIpv6Bytes},
    {"arp.", {Kind::network, wire::NETWORK_ARP}, 0},
    {"eth.", {Kind::layer, 0, "eth"}, kMacBytes},
    {"sll.", {Kind::layer, 0, "sll"}, 0},
};

struct TransportFamily {
    std::string_view prefix;
    std::string_view layer;
    std::uint8_t number;  // IANA
};
constexpr TransportFamily kTransports[] = {{"tcp.", "tcp", 6}, {"udp.", "udp", 17}, {"sctp.", "sctp", 132}};

constexpr TransportFamily kMessages[] = {{"icmp.", "icmp", 1}, {"icmpv6.", "icmpv6", 58}};

// A column that rows of several kinds share: a name asks it where the row has another column too, or where
// the chain of layers has or lacks a layer.
struct SharedName {
    std::string_view name;
    Restriction restriction;
};
constexpr SharedName kSharedNames[] = {
    {"http.request.version", {Kind::with_field, 0, "http.request.method"}},
    {"http.response.version", {Kind::with_field, 0, "http.response.status_code"}},
    // A hello in a packet of QUIC is in no record.
    {"tls.record.content_type", {Kind::without_layer, 0, "quic"}},
    {"sll.pkttype", {Kind::layer, 0, "sll"}},
    // The version of IPv6 is known by the name of IPv4's too.
    {"ip.version", {}},
};

struct RecordTypes {
    std::string_view data;
    std::string_view types;
};
constexpr RecordTypes kRecordTypes[] = {
    {"dns.answers.data", "dns.answers.type"},
    {"packetsentry.dns.additionals.data", "packetsentry.dns.additionals.type"},
    {"packetsentry.dns.authorities.data", "packetsentry.dns.authorities.type"},
};

struct RecordName {
    std::string_view name;
    std::string_view type;
};
constexpr RecordName kRecordNames[] = {
    {"dns.cname", "CNAME"}, {"dns.txt", "TXT"},        {"dns.ptr.domain_name", "PTR"},
    {"dns.ns", "NS"},       {"dns.srv.target", "SRV"}, {"dns.mx.mail_exchange", "MX"},
};

struct SizedName {
    std::string_view end;
    std::uint8_t address_size;
};
constexpr SizedName kSizedNames[] = {
    {"dns.a", kIpv4Bytes}, {"dns.aaaa", kIpv6Bytes}, {".ipv4", kIpv4Bytes}, {".ipv6", kIpv6Bytes}};

bool is_port(const rows::FieldInfo& info) {
    return &info == &rows::field("source.port") || &info == &rows::field("destination.port");
}

bool is_inner(const rows::FieldInfo& info) {
    return info.path.starts_with("packetsentry.inner.");
}

Restriction transport_restriction(const rows::FieldInfo& info, const TransportFamily& family) {
    if (is_port(info)) return {Kind::transport, family.number};
    if (is_inner(info)) return {Kind::inner_transport, 0, family.layer};
    return {};
}

Restriction restriction_of(const rows::FieldInfo& info, std::string_view wireshark) {
    for (const SharedName& shared : kSharedNames)
        if (wireshark == shared.name) return shared.restriction;
    for (const Family& family : kFamilies)
        if (wireshark.starts_with(family.prefix)) return info.dense() ? family.outermost : Restriction{};
    for (const TransportFamily& family : kTransports)
        if (wireshark.starts_with(family.prefix)) return transport_restriction(info, family);
    for (const TransportFamily& family : kMessages)
        if (wireshark.starts_with(family.prefix)) return {Kind::layer, 0, family.layer};
    for (const RecordName& record : kRecordNames)
        if (wireshark == record.name && info.kind == rows::FieldKind::text)
            return {Kind::record_type, 0, record.type};
    return {};
}

std::uint8_t address_size_of(const rows::FieldInfo& info, std::string_view wireshark) {
    if (info.path.ends_with(".mac") || info.path.ends_with("_mac")) return kMacBytes;
    for (const SizedName& row : kSizedNames)
        if (wireshark.ends_with(row.end)) return row.address_size;
    for (const Family& family : kFamilies)
        if (wireshark.starts_with(family.prefix)) return family.address_size;
    return 0;
}

// The two paths of the interface's name share one column, and its rows are of one or of the other.
Restriction restriction_of_path(const rows::FieldInfo& info) {
    if (info.path == "observer.egress.interface.name") return {Kind::egress};
    if (info.path == "observer.ingress.interface.name") return {Kind::not_egress};
    return {};
}

}  // namespace

Source source_of(const rows::FieldInfo& info, std::string_view wireshark) {
    Source source{.info = &info};
    source.restriction = wireshark.empty() ? restriction_of_path(info) : restriction_of(info, wireshark);
    if (info.kind == rows::FieldKind::address) source.address_size = address_size_of(info, wireshark);
    source.numbers = rows::named_numbers(info.path, wireshark);
    if (wireshark == "http.request.version" || wireshark == "http.response.version")
        source.text_before = "HTTP/";
    source.last_word = wireshark == "dns.srv.target";  // priority, weight and port come before it
    return source;
}

std::string_view record_types_of(const rows::FieldInfo& info) {
    for (const RecordTypes& row : kRecordTypes)
        if (row.data == info.path) return row.types;
    return {};
}

}  // namespace packetsentry::query
