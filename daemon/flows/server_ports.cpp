#include "daemon/flows/server_ports.h"

#include <netinet/in.h>

#include <algorithm>
#include <iterator>

namespace packetsentry::flows {
namespace {

// Services that are common on small networks. Ascending.
constexpr std::uint16_t kTcpServerPorts[] = {
    21,   22,   25,   53,   80,   81,   88,   102,  110,  111,  135,  137,   139,  143,
    389,  443,  445,  465,  502,  514,  515,  524,  554,  563,  585,  587,   614,  631,
    636,  853,  989,  990,  992,  993,  995,  1080, 1194, 1433, 1521, 1723,  1883, 2049,
    2811, 3128, 3268, 3306, 3389, 5060, 5061, 5222, 5223, 5269, 5432, 5900,  6379, 6443,
    6666, 6667, 6668, 6669, 8000, 8080, 8443, 8883, 8888, 9092, 9100, 20000, 27017};
constexpr std::uint16_t kUdpServerPorts[] = {53,   67,   69,   88,   111,  123,  137,  138,  161,   162,
                                             389,  443,  500,  514,  546,  547,  784,  853,  1194,  1434,
                                             1701, 1812, 1813, 1900, 2049, 2123, 2152, 3389, 3478,  3544,
                                             3702, 4500, 4789, 5060, 5072, 5353, 5355, 6081, 20000, 51820};
static_assert(std::ranges::is_sorted(kTcpServerPorts) && std::ranges::is_sorted(kUdpServerPorts));

}  // namespace

bool is_server_port(std::uint8_t ip_protocol, std::uint16_t port) {
    if (ip_protocol == IPPROTO_TCP) return std::ranges::binary_search(kTcpServerPorts, port);
    return ip_protocol == IPPROTO_UDP && std::ranges::binary_search(kUdpServerPorts, port);
}

}  // namespace packetsentry::flows
