#include "daemon/dissect/ip_in_ip.h"

#include "daemon/dissect/ipv4.h"
#include "daemon/dissect/ipv6.h"

namespace packetsentry::dissect {

Layer dissect_ipv4_in_ip(Cursor&, Walk& walk) {
    if (!walk.enter_tunnel(walk.network() == Network::ipv6 ? "4in6" : "ipip")) return {};
    return {dissect_ipv4};
}

Layer dissect_ipv6_in_ip(Cursor&, Walk& walk) {
    if (!walk.enter_tunnel(walk.network() == Network::ipv6 ? "6in6" : "6in4")) return {};
    return {dissect_ipv6};
}

}  // namespace packetsentry::dissect
