#include "proto/query/aliases.h"

namespace packetsentry::query {
namespace {

using Reading = Reference::Reading;

constexpr Alias bit(std::string_view name, std::string_view path, std::uint64_t mask) {
    return {.name = name, .path = path, .mask = mask};
}

constexpr Alias listed(std::string_view name, std::string_view path, std::string_view word) {
    return {.name = name, .path = path, .reading = Reading::listed, .word = word};
}

constexpr Alias presence(std::string_view name, std::string_view path) {
    return {.name = name, .path = path, .reading = Reading::presence};
}

constexpr std::string_view kTcpFlags = "packetsentry.tcp.flag_bits";
constexpr std::string_view kDnsFlags = "dns.header_flags";

constexpr Alias kAliases[] = {
    bit("tcp.flags.fin", kTcpFlags, 0x01),
    bit("tcp.flags.syn", kTcpFlags, 0x02),
    bit("tcp.flags.reset", kTcpFlags, 0x04),
    bit("tcp.flags.push", kTcpFlags, 0x08),
    bit("tcp.flags.ack", kTcpFlags, 0x10),
    bit("tcp.flags.urg", kTcpFlags, 0x20),
    bit("tcp.flags.ece", kTcpFlags, 0x40),
    bit("tcp.flags.cwr", kTcpFlags, 0x80),
    listed("dns.flags.authoritative", kDnsFlags, "AA"),
    listed("dns.flags.truncated", kDnsFlags, "TC"),
    listed("dns.flags.recdesired", kDnsFlags, "RD"),
    listed("dns.flags.recavail", kDnsFlags, "RA"),
    listed("dns.flags.authenticated", kDnsFlags, "AD"),
    listed("dns.flags.checkdisable", kDnsFlags, "CD"),
    presence("http.request", "http.request.method"),
    presence("http.response", "http.response.status_code"),
    {.name = "frame.time_epoch", .path = "@timestamp"},
    {.name = "ip.version", .path = "network.type"},
    {.name = "tls.record.content_type", .path = "packetsentry.tls.message"},
    presence("tcp.options.mss", "packetsentry.tcp.mss"),
    presence("tcp.options.timestamp", "packetsentry.tcp.timestamp"),
    presence("tls.alert_message", "packetsentry.tls.message"),
    presence("tls.alert_message", "packetsentry.tls.further_messages"),
    presence("tls.handshake", "packetsentry.tls.message"),
    presence("tls.handshake", "packetsentry.tls.further_messages"),
};

struct Rename {
    std::string_view old_prefix;
    std::string_view prefix;
};
constexpr Rename kRenames[] = {{"ssl.", "tls."}, {"bootp.", "dhcp."}};

// The name of a host is its address, because names are not looked up.
constexpr Rename kHostNames[] = {
    {"ip.dst_host", "ip.dst"},     {"ip.host", "ip.addr"},     {"ip.src_host", "ip.src"},
    {"ipv6.dst_host", "ipv6.dst"}, {"ipv6.host", "ipv6.addr"}, {"ipv6.src_host", "ipv6.src"},
};

struct NotAsked {
    std::string_view path;
    std::string_view why;
};
constexpr NotAsked kNotAsked[] = {
    {"packetsentry.summary", "it is composed when a row is shown; ask the fields that it is composed of"},
    {"event.sequence",
     "packets get it after they have passed the filter; packetsentry.number is the packet's place among all"},
    {"packetsentry.context", "which packets are near others that are found is known only when these are"},
    {"packetsentry.job", "the rows of one job are asked for by naming the job"},
    {"ecs.version", "it is the same in every row"},
};

}  // namespace

std::span<const Alias> aliases() {
    return kAliases;
}

std::string current_name(std::string_view name) {
    for (const Rename& row : kHostNames)
        if (name == row.old_prefix) return std::string(row.prefix);
    for (const Rename& row : kRenames)
        if (name.starts_with(row.old_prefix))
            return std::string(row.prefix).append(name.substr(row.old_prefix.size()));
    return std::string(name);
}

std::string_view why_not_asked(std::string_view path) {
    for (const NotAsked& row : kNotAsked)
        if (row.path == path) return row.why;
    return {};
}

}  // namespace packetsentry::query
