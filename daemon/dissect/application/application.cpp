#include "daemon/dissect/application/application.h"

#include <algorithm>

#include "daemon/dissect/application/application_protocols.h"
#include "daemon/dissect/application/proxy_header.h"

namespace packetsentry::dissect {
namespace {

constexpr Application kApplications[] = {
    {Carrier::udp, {53}, false, dissect_dns},
    {Carrier::tcp, {53}, false, dissect_dns_over_tcp},
    {Carrier::udp, {5353}, false, dissect_mdns},
    {Carrier::udp, {5355}, false, dissect_llmnr},
    {Carrier::udp, {67, 68}, false, dissect_dhcp},
    {Carrier::udp, {546, 547}, false, dissect_dhcpv6},
    {Carrier::udp, {123}, false, dissect_ntp},
    {Carrier::udp, {1900}, false, dissect_ssdp},
    // Their port alone vouches for versions of QUIC that nobody knows. A DNS message vouches for itself.
    {Carrier::udp, {443, 8443, 853}, false, dissect_dns_by_shape},
    {Carrier::udp, {443, 8443, 853}, false, dissect_quic_any_version},
    {Carrier::udp, {51820}, false, dissect_wireguard},
    {Carrier::udp, {}, true, dissect_quic},
    {Carrier::udp, {}, true, dissect_wireguard_handshake},
    {Carrier::udp, {}, true, dissect_known_quic},
    {Carrier::tcp, {80, 3128, 8000, 8080}, false, dissect_http_on_its_port},
    {Carrier::tcp, {}, true, dissect_tls},
    {Carrier::tcp, {}, true, dissect_ssl2},
    {Carrier::tcp, {}, true, dissect_http},
    {Carrier::tcp, {}, true, dissect_ssh},
};

// One carrier's rows, so that most packets are spared the table.
struct Index {
    std::array<std::uint64_t, 65536 / 64> listed{};  // a bit for each port that some row names
    std::array<ApplicationDissector, std::size(kApplications)> any_port{};
    std::size_t any_ports = 0;

    explicit constexpr Index(Carrier carrier) {
        for (const Application& row : kApplications) {
            if (row.carrier != carrier) continue;
            for (const std::uint16_t port : row.ports)
                if (port != 0) listed[port / 64] |= std::uint64_t{1} << port % 64;
            if (row.any_port) any_port[any_ports++] = row.dissect;
        }
    }

    [[nodiscard]] bool lists(std::uint16_t port) const { return (listed[port / 64] >> port % 64 & 1) != 0; }
};

constexpr Index kUdp(Carrier::udp), kTcp(Carrier::tcp);

bool has_port(const Application& row, std::uint16_t source, std::uint16_t destination) {
    return std::ranges::any_of(
        row.ports, [=](std::uint16_t port) { return port != 0 && (port == source || port == destination); });
}

bool dissect_by_port(Carrier carrier, std::uint16_t source, std::uint16_t destination, const Cursor& payload,
                     Dissection& out) {
    for (const Application& row : kApplications)
        if (row.carrier == carrier && has_port(row, source, destination) && row.dissect(payload, out))
            return true;
    return false;
}

void dissect_by_table(Carrier carrier, std::uint16_t source_port, std::uint16_t destination_port,
                      const Cursor& payload, Dissection& out) {
    const Index& index = carrier == Carrier::udp ? kUdp : kTcp;
    if ((index.lists(source_port) || index.lists(destination_port)) &&
        dissect_by_port(carrier, source_port, destination_port, payload, out))
        return;
    for (std::size_t i = 0; i < index.any_ports; ++i)
        if (index.any_port[i](payload, out)) return;
}

}  // namespace

std::span<const Application> applications() {
    return kApplications;
}

void dissect_application(Carrier carrier, std::uint16_t source_port, std::uint16_t destination_port,
                         Cursor payload, Dissection& out) {
    if (read_proxy_header(payload, out) && payload.empty()) return;
    dissect_by_table(carrier, source_port, destination_port, payload, out);
}

}  // namespace packetsentry::dissect
