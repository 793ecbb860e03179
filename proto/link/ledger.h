// Adds and checks packet counts (proto/messages/capture.proto).
#pragma once

#include <array>

#include "proto/messages/batch.pb.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::proto {

// A table whose rows are each made of several packets, and where a ledger counts these rows.
struct DerivedTable {
    wire::Table table;
    const wire::DerivedCounts& (wire::Ledger::*counts)() const;
    wire::DerivedCounts* (wire::Ledger::*mutable_counts)();
};

inline constexpr std::array kDerivedTables = {
    DerivedTable{wire::TABLE_FLOWS, &wire::Ledger::flows, &wire::Ledger::mutable_flows},
    DerivedTable{wire::TABLE_DNS, &wire::Ledger::dns, &wire::Ledger::mutable_dns},
    DerivedTable{wire::TABLE_HTTP, &wire::Ledger::http, &wire::Ledger::mutable_http},
    DerivedTable{wire::TABLE_TLS, &wire::Ledger::tls, &wire::Ledger::mutable_tls},
};

// Those of a table in kDerivedTables.
[[nodiscard]] const wire::DerivedCounts& counts_of(const wire::Ledger& ledger, wire::Table table);
[[nodiscard]] wire::DerivedCounts& mutable_counts_of(wire::Ledger& ledger, wire::Table table);

void add(wire::Ledger& sum, const wire::Ledger& part);

// Tells whether no count has become smaller, except for the packets in the ring, and for packets that were
// saved and then lost.
[[nodiscard]] bool has_only_grown(const wire::Ledger& before, const wire::Ledger& now);

// Tells whether every count is one that a capture can reach. Sums of such counts do not overflow.
[[nodiscard]] bool is_possible(const wire::Ledger& ledger);

// Tells whether the counts add up: every received packet was delivered, was dropped by the kernel or is still
// in the ring; every delivered packet was recorded, shed or filtered out; and no more packets were saved, or
// not saved, than recorded.
[[nodiscard]] bool balances(const wire::Ledger& ledger);

}  // namespace packetsentry::proto
