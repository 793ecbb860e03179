#include "daemon/jobs/interface_counts.h"

#include <ifaddrs.h>
#include <linux/if_link.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>

namespace packetsentry::jobs {
namespace {

constexpr std::string_view kAny = "any";

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
        table[entry->ifa_name] = {stats.rx_packets + stats.tx_packets,
                                  stats.rx_missed_errors + stats.rx_fifo_errors + stats.rx_over_errors};
    }
    return table;
}

void InterfaceGrowth::read(const InterfaceTable& table, std::span<const std::string> names) {
    const bool all = std::ranges::find(names, kAny) != names.end();
    for (const auto& [name, counts] : table)
        if (all || std::ranges::find(names, name) != names.end()) read_one(name, counts);
}

void InterfaceGrowth::read_one(const std::string& name, const InterfaceCounts& now) {
    const auto before = last_.find(name);
    // Of one that was made again under the name, the counts begin at 0: they went back, by far.
    const bool grew = before != last_.end() && now.packets - before->second.packets < (1U << 31);
    if (before == last_.end()) {
        last_.emplace(name, now);
        return;
    }
    packets_ += grew ? now.packets - before->second.packets : now.packets;
    dropped_ += grew ? now.dropped - before->second.dropped : now.dropped;
    before->second = now;
}

}  // namespace packetsentry::jobs
