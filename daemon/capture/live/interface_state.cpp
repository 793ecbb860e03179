#include "daemon/capture/live/interface_state.h"

#include <net/if.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <iterator>

namespace packetsentry::capture {

InterfaceState interface_state(int socket, std::uint32_t index) {
    ifreq request{};
    request.ifr_ifindex = static_cast<int>(index);
    if (::ioctl(socket, SIOCGIFNAME, &request) < 0) return InterfaceState::gone;
    if (::ioctl(socket, SIOCGIFFLAGS, &request) < 0) return InterfaceState::gone;
    return (request.ifr_flags & IFF_UP) != 0 ? InterfaceState::up : InterfaceState::down;
}

InterfaceName interface_name(int socket, std::uint32_t index) {
    ifreq request{};
    request.ifr_ifindex = static_cast<int>(index);
    InterfaceName name{};
    if (::ioctl(socket, SIOCGIFNAME, &request) == 0)
        std::copy_n(std::begin(request.ifr_name), name.size() - 1, name.begin());
    return name;
}

}  // namespace packetsentry::capture
