#include "daemon/jobs/interface_counts.h"

#include <ifaddrs.h>
#include <linux/if_link.h>
#include <netpacket/packet.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace packetsentry::jobs {
namespace {

struct FreeList {
    void operator()(ifaddrs* list) const { ::freeifaddrs(list); }
};

}  // namespace

InterfaceTable read_interface_counts() {
    ifaddrs* head = nullptr;
    InterfaceTable table;
    if (::getifaddrs(&head) != 0) return table;
    const std::unique_ptr<ifaddrs, FreeList> list(head);
    for (const ifaddrs* entry = head; entry != nullptr; entry = entry->ifa_next) {
        if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != AF_PACKET ||
            entry->ifa_data == nullptr)
            continue;
        const auto& stats = *static_cast<const rtnl_link_stats*>(entry->ifa_data);
        const auto& link = reinterpret_cast<const sockaddr_ll&>(*entry->ifa_addr);
        table[entry->ifa_name] = {static_cast<std::uint32_t>(link.sll_ifindex),
                                  stats.rx_packets + stats.tx_packets,
                                  stats.rx_missed_errors + stats.rx_fifo_errors + stats.rx_over_errors};
    }
    return table;
}

void InterfaceGrowth::read(const InterfaceTable& table, std::span<const std::string> names) {
    if (table.empty()) return;  // it could not be read
    const bool all = std::ranges::find(names, kAny) != names.end();
    std::map<std::uint32_t, InterfaceCounts> present;
    for (const auto& [name, counts] : table) {
        if (!all && std::ranges::find(names, name) == names.end()) continue;
        if (!first_) add_growth(counts);
        present.emplace(counts.index, counts);
    }
    first_ = false;
    last_ = std::move(present);
}

void InterfaceGrowth::add_growth(const InterfaceCounts& now) {
    const auto found = last_.find(now.index);
    InterfaceCounts before = found == last_.end() ? InterfaceCounts{} : found->second;
    // Counts that went back by far were set to 0 meanwhile, so they are counted from 0 on.
    if (now.packets - before.packets >= (1U << 31)) before = {};
    packets_ += now.packets - before.packets;
    dropped_ += now.dropped - before.dropped;
}

}  // namespace packetsentry::jobs
