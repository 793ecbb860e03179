#include "proto/link/ledger.h"

#include <algorithm>
#include <array>

namespace packetsentry::proto {
namespace {

using wire::Ledger;

struct Count {
    std::uint64_t (Ledger::*get)() const;
    void (Ledger::*set)(std::uint64_t);
    bool grows = true;
};

constexpr std::uint64_t kMost = 1ULL << 56;  // bytes: a year at 18 Tbit/s

constexpr std::array kCounts = {
    Count{&Ledger::received, &Ledger::set_received},
    Count{&Ledger::dropped_by_kernel, &Ledger::set_dropped_by_kernel},
    Count{&Ledger::unread, &Ledger::set_unread, false},
    Count{&Ledger::delivered, &Ledger::set_delivered},
    Count{&Ledger::filtered, &Ledger::set_filtered},
    Count{&Ledger::recorded, &Ledger::set_recorded},
    Count{&Ledger::shed, &Ledger::set_shed},
    Count{&Ledger::malformed, &Ledger::set_malformed},
    Count{&Ledger::bytes, &Ledger::set_bytes},
    Count{&Ledger::saved, &Ledger::set_saved, false},
    Count{&Ledger::saved_bytes, &Ledger::set_saved_bytes},
    Count{&Ledger::not_saved, &Ledger::set_not_saved},
    Count{&Ledger::not_kept, &Ledger::set_not_kept},
    Count{&Ledger::ended_files, &Ledger::set_ended_files},
    Count{&Ledger::ended_bytes, &Ledger::set_ended_bytes},
    Count{&Ledger::flows, &Ledger::set_flows},
    Count{&Ledger::flows_shed, &Ledger::set_flows_shed},
    Count{&Ledger::flows_evicted, &Ledger::set_flows_evicted},
    Count{&Ledger::flows_not_kept, &Ledger::set_flows_not_kept},
};

}  // namespace

void add(Ledger& sum, const Ledger& part) {
    for (const Count& count : kCounts) (sum.*count.set)((sum.*count.get)() + (part.*count.get)());
}

bool has_only_grown(const Ledger& before, const Ledger& now) {
    return std::ranges::all_of(kCounts, [&](const Count& count) {
        return !count.grows || (now.*count.get)() >= (before.*count.get)();
    });
}

bool is_possible(const Ledger& ledger) {
    return std::ranges::all_of(kCounts, [&](const Count& count) { return (ledger.*count.get)() <= kMost; });
}

bool balances(const Ledger& ledger) {
    return ledger.received() <= ledger.delivered() + ledger.dropped_by_kernel() + ledger.unread() &&
           ledger.unread() <= ledger.received() &&
           ledger.delivered() == ledger.recorded() + ledger.shed() + ledger.filtered() &&
           ledger.malformed() <= ledger.recorded() &&
           ledger.saved() + ledger.not_saved() <= ledger.recorded() + ledger.shed() &&
           ledger.not_kept() <= ledger.recorded() + ledger.shed() &&
           ledger.ended_bytes() <= ledger.saved_bytes();
}

}  // namespace packetsentry::proto
