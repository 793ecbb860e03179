#include "daemon/capture/filter/known_numbers.h"

#include <algorithm>
#include <array>
#include <span>

namespace packetsentry::capture {
namespace {

struct Known {
    std::string_view name;
    std::uint16_t number;
};

// clang-format off
constexpr std::array kPorts{
    Known{"echo", 7}, Known{"discard", 9}, Known{"daytime", 13}, Known{"ftp-data", 20}, Known{"ftp", 21},
    Known{"ssh", 22}, Known{"telnet", 23}, Known{"smtp", 25}, Known{"time", 37}, Known{"whois", 43},
    Known{"tacacs", 49}, Known{"domain", 53}, Known{"bootps", 67}, Known{"bootpc", 68}, Known{"tftp", 69},
    Known{"gopher", 70}, Known{"finger", 79}, Known{"http", 80}, Known{"www", 80}, Known{"kerberos", 88},
    Known{"pop3", 110}, Known{"sunrpc", 111}, Known{"auth", 113}, Known{"nntp", 119}, Known{"ntp", 123},
    Known{"epmap", 135}, Known{"netbios-ns", 137}, Known{"netbios-dgm", 138}, Known{"netbios-ssn", 139},
    Known{"imap2", 143}, Known{"imap", 143}, Known{"snmp", 161}, Known{"snmp-trap", 162}, Known{"bgp", 179},
    Known{"irc", 194}, Known{"ldap", 389}, Known{"https", 443}, Known{"microsoft-ds", 445},
    Known{"kpasswd", 464}, Known{"submissions", 465}, Known{"isakmp", 500}, Known{"syslog", 514},
    Known{"printer", 515}, Known{"dhcpv6-client", 546}, Known{"dhcpv6-server", 547}, Known{"rtsp", 554},
    Known{"submission", 587}, Known{"ipp", 631}, Known{"ldaps", 636}, Known{"domain-s", 853},
    Known{"rsync", 873}, Known{"imaps", 993}, Known{"pop3s", 995}, Known{"socks", 1080},
    Known{"openvpn", 1194}, Known{"radius", 1812}, Known{"radius-acct", 1813}, Known{"mqtt", 1883},
    Known{"ssdp", 1900}, Known{"nfs", 2049}, Known{"mysql", 3306}, Known{"ms-wbt-server", 3389},
    Known{"ipsec-nat-t", 4500}, Known{"sip", 5060}, Known{"sip-tls", 5061}, Known{"mdns", 5353},
    Known{"llmnr", 5355}, Known{"postgresql", 5432}, Known{"amqp", 5672}, Known{"redis", 6379},
    Known{"http-alt", 8080},
};
constexpr std::array kProtocols{
    Known{"icmp", 1}, Known{"igmp", 2}, Known{"ipencap", 4}, Known{"tcp", 6}, Known{"egp", 8},
    Known{"igp", 9}, Known{"udp", 17}, Known{"dccp", 33}, Known{"ipv6", 41}, Known{"ipv6-route", 43},
    Known{"ipv6-frag", 44}, Known{"rsvp", 46}, Known{"gre", 47}, Known{"esp", 50}, Known{"ah", 51},
    Known{"ipv6-icmp", 58}, Known{"icmp6", 58}, Known{"ipv6-nonxt", 59}, Known{"ipv6-opts", 60},
    Known{"eigrp", 88}, Known{"ospf", 89}, Known{"pim", 103}, Known{"ipcomp", 108}, Known{"vrrp", 112},
    Known{"l2tp", 115}, Known{"sctp", 132}, Known{"udplite", 136},
};
// clang-format on

std::optional<std::uint16_t> number_in(std::span<const Known> table, std::string_view name) {
    const auto found = std::ranges::find(table, name, &Known::name);
    if (found == table.end()) return std::nullopt;
    return found->number;
}

}  // namespace

std::optional<std::uint16_t> port_number(std::string_view name) {
    return number_in(kPorts, name);
}

std::optional<std::uint16_t> protocol_number(std::string_view name) {
    return number_in(kProtocols, name);
}

}  // namespace packetsentry::capture
