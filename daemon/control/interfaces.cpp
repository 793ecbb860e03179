#include "daemon/control/interfaces.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netpacket/packet.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "daemon/base/address.h"
#include "daemon/base/syscall.h"

namespace packetsentry::control {
namespace {

struct LinkName {
    unsigned type;
    const char* name;
};

// Not in every libc's headers.
constexpr unsigned kTypeNone = 0xFFFE;
constexpr unsigned kTypeIp6Gre = 823;
constexpr unsigned kTypeNetlinkMonitor = 824;

constexpr std::array kLinkNames = {
    LinkName{ARPHRD_ETHER, "Ethernet"},
    LinkName{ARPHRD_LOOPBACK, "Loopback"},
    LinkName{ARPHRD_PPP, "PPP"},
    LinkName{ARPHRD_TUNNEL, "IP in IP tunnel"},
    LinkName{ARPHRD_TUNNEL6, "IPv6 tunnel"},
    LinkName{ARPHRD_SIT, "IPv6 in IPv4 tunnel"},
    LinkName{ARPHRD_IPGRE, "GRE tunnel"},
    LinkName{kTypeIp6Gre, "GRE over IPv6 tunnel"},
    LinkName{ARPHRD_INFINIBAND, "InfiniBand"},
    LinkName{ARPHRD_CAN, "CAN"},
    LinkName{ARPHRD_IEEE80211, "802.11"},
    LinkName{ARPHRD_IEEE80211_RADIOTAP, "802.11 with radiotap"},
    LinkName{ARPHRD_IEEE80211_PRISM, "802.11 with Prism header"},
    LinkName{ARPHRD_IEEE802154, "802.15.4"},
    LinkName{ARPHRD_RAWIP, "raw IP"},
    LinkName{kTypeNone, "raw IP"},
    LinkName{kTypeNetlinkMonitor, "netlink monitor"},
};

struct FreeList {
    void operator()(ifaddrs* list) const { ::freeifaddrs(list); }
};

void add_flags(wire::InterfaceInfo& info, const ifaddrs& entry) {
    info.set_up((entry.ifa_flags & IFF_UP) != 0);
    info.set_running((entry.ifa_flags & IFF_RUNNING) != 0);
    info.set_loopback((entry.ifa_flags & IFF_LOOPBACK) != 0);
}

void add_address(wire::InterfaceInfo& info, const sockaddr& address) {
    std::span<const std::byte> bytes;
    if (address.sa_family == AF_INET)
        bytes = std::as_bytes(std::span(&reinterpret_cast<const sockaddr_in&>(address).sin_addr, 1));
    else if (address.sa_family == AF_INET6)
        bytes = std::as_bytes(std::span(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, 1));
    else
        return;
    info.add_address(base::to_string(base::Address::from(bytes)));
}

void add_link(wire::InterfaceInfo& info, const sockaddr& address) {
    if (address.sa_family != AF_PACKET) return;
    const auto& link = reinterpret_cast<const sockaddr_ll&>(address);
    info.set_index(static_cast<std::uint32_t>(link.sll_ifindex));
    info.set_link(link_name(link.sll_hatype));
}

wire::InterfaceInfo any_device() {
    wire::InterfaceInfo any;
    any.set_name("any");
    any.set_up(true);
    any.set_running(true);
    any.set_link("Linux cooked");
    any.set_description("all interfaces");
    return any;
}

}  // namespace

std::string link_name(unsigned hardware_type) {
    const auto* found = std::ranges::find(kLinkNames, hardware_type, &LinkName::type);
    return found == kLinkNames.end() ? "type " + std::to_string(hardware_type) : found->name;
}

base::Result<wire::Interfaces> list_interfaces() {
    ifaddrs* head = nullptr;
    if (::getifaddrs(&head) != 0)
        return base::fail(base::ErrorCode::internal, base::syscall_text("list the interfaces"));
    const std::unique_ptr<ifaddrs, FreeList> list(head);

    std::map<std::string, wire::InterfaceInfo> by_name;
    for (const ifaddrs* entry = head; entry != nullptr; entry = entry->ifa_next) {
        // Addresses with an old-style label ("eth0:1") are no interface of their own.
        const std::string label = entry->ifa_name;
        wire::InterfaceInfo& info = by_name[label.substr(0, label.find(':'))];
        add_flags(info, *entry);
        if (entry->ifa_addr == nullptr) continue;
        add_address(info, *entry->ifa_addr);
        add_link(info, *entry->ifa_addr);
    }

    wire::Interfaces interfaces;
    for (auto& [name, info] : by_name) {
        info.set_name(name);
        if (info.loopback()) info.set_link("Loopback");
        *interfaces.add_interface() = std::move(info);
    }
    std::ranges::sort(*interfaces.mutable_interface(), {}, &wire::InterfaceInfo::index);
    *interfaces.add_interface() = any_device();
    return interfaces;
}

std::vector<std::string> names_of(const wire::Interfaces& interfaces) {
    std::vector<std::string> names;
    for (const wire::InterfaceInfo& info : interfaces.interface()) names.push_back(info.name());
    return names;
}

}  // namespace packetsentry::control
