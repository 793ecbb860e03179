#include "proto/link/ledger.h"

#include <algorithm>
#include <array>

#include "proto/words/table_names.h"

namespace packetsentry::proto {
namespace {

using wire::DerivedCounts;
using wire::Ledger;

template <typename Message>
struct Count {
    std::uint64_t (Message::*get)() const;
    void (Message::*set)(std::uint64_t);
    bool grows = true;
};

constexpr std::uint64_t kMost = 1ULL << 56;  // bytes: a year at 18 Tbit/s

constexpr std::array kCounts = {
    Count<Ledger>{&Ledger::received, &Ledger::set_received},
    Count<Ledger>{&Ledger::dropped_by_kernel, &Ledger::set_dropped_by_kernel},
    Count<Ledger>{&Ledger::unread, &Ledger::set_unread, false},
    Count<Ledger>{&Ledger::delivered, &Ledger::set_delivered},
    Count<Ledger>{&Ledger::filtered, &Ledger::set_filtered},
    Count<Ledger>{&Ledger::recorded, &Ledger::set_recorded},
    Count<Ledger>{&Ledger::shed, &Ledger::set_shed},
    Count<Ledger>{&Ledger::malformed, &Ledger::set_malformed},
    Count<Ledger>{&Ledger::bytes, &Ledger::set_bytes},
    Count<Ledger>{&Ledger::saved, &Ledger::set_saved, false},
    Count<Ledger>{&Ledger::saved_bytes, &Ledger::set_saved_bytes},
    Count<Ledger>{&Ledger::not_saved, &Ledger::set_not_saved},
    Count<Ledger>{&Ledger::not_kept, &Ledger::set_not_kept},
    Count<Ledger>{&Ledger::ended_files, &Ledger::set_ended_files},
    Count<Ledger>{&Ledger::ended_bytes, &Ledger::set_ended_bytes},
};

constexpr std::array kDerivedCounts = {
    Count<DerivedCounts>{&DerivedCounts::rows, &DerivedCounts::set_rows},
    Count<DerivedCounts>{&DerivedCounts::shed, &DerivedCounts::set_shed},
    Count<DerivedCounts>{&DerivedCounts::evicted, &DerivedCounts::set_evicted},
    Count<DerivedCounts>{&DerivedCounts::not_kept, &DerivedCounts::set_not_kept},
};

template <typename Counts, typename Message>
void add_counts(const Counts& counts, Message& sum, const Message& part) {
    for (const auto& count : counts) (sum.*count.set)((sum.*count.get)() + (part.*count.get)());
}

template <typename Counts, typename Message>
bool have_only_grown(const Counts& counts, const Message& before, const Message& now) {
    return std::ranges::all_of(counts, [&](const auto& count) {
        return !count.grows || (now.*count.get)() >= (before.*count.get)();
    });
}

template <typename Counts, typename Message>
bool are_possible(const Counts& counts, const Message& message) {
    return std::ranges::all_of(counts, [&](const auto& count) { return (message.*count.get)() <= kMost; });
}

static_assert(kDerivedTables.size() + 1 == kTableNames.size());  // all but packets

constexpr const DerivedTable& row_of(wire::Table table) {
    return *std::ranges::find(kDerivedTables, table, &DerivedTable::table);
}

}  // namespace

const DerivedCounts& counts_of(const Ledger& ledger, wire::Table table) {
    return (ledger.*row_of(table).counts)();
}

DerivedCounts& mutable_counts_of(Ledger& ledger, wire::Table table) {
    return *(ledger.*row_of(table).mutable_counts)();
}

void add(Ledger& sum, const Ledger& part) {
    add_counts(kCounts, sum, part);
    for (const DerivedTable& derived : kDerivedTables)
        add_counts(kDerivedCounts, *(sum.*derived.mutable_counts)(), (part.*derived.counts)());
}

bool has_only_grown(const Ledger& before, const Ledger& now) {
    return have_only_grown(kCounts, before, now) &&
           std::ranges::all_of(kDerivedTables, [&](const DerivedTable& derived) {
               return have_only_grown(kDerivedCounts, (before.*derived.counts)(), (now.*derived.counts)());
           });
}

bool is_possible(const Ledger& ledger) {
    return are_possible(kCounts, ledger) &&
           std::ranges::all_of(kDerivedTables, [&](const DerivedTable& derived) {
               return are_possible(kDerivedCounts, (ledger.*derived.counts)());
           });
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
