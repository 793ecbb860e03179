// Which tables a job keeps in the spool, as its wire::Keep says.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "proto/messages/batch.pb.h"
#include "proto/messages/capture.pb.h"
#include "proto/words/table_names.h"

namespace packetsentry::proto {

// A table whose rows are each made of several packets, and what says that it is kept, and for how long. The
// table of packets is not among them, because its rows and its packets are kept for times of their own.
struct DerivedKeep {
    wire::Table table;
    bool (wire::Keep::*has)() const;
    const wire::Retention& (wire::Keep::*retention)() const;
    wire::Retention* (wire::Keep::*mutable_retention)();
};

inline constexpr std::array kDerivedKeeps = {
    DerivedKeep{wire::TABLE_FLOWS, &wire::Keep::has_flows, &wire::Keep::flows, &wire::Keep::mutable_flows},
    DerivedKeep{wire::TABLE_DNS, &wire::Keep::has_dns, &wire::Keep::dns, &wire::Keep::mutable_dns},
    DerivedKeep{wire::TABLE_HTTP, &wire::Keep::has_http, &wire::Keep::http, &wire::Keep::mutable_http},
    DerivedKeep{wire::TABLE_TLS, &wire::Keep::has_tls, &wire::Keep::tls, &wire::Keep::mutable_tls},
};

static_assert(kDerivedKeeps.size() + 1 == kTableNames.size());  // every table can be kept

// Tells whether rows of packets are kept, as they are wherever packets are.
[[nodiscard]] inline bool keeps_packet_rows(const wire::Keep& keep) {
    return keep.has_rows() || keep.has_packets();
}

// The tables of which rows are kept, that of packets first.
[[nodiscard]] std::vector<wire::Table> kept_tables(const wire::Keep& keep);
// How many of them are not the table of packets.
[[nodiscard]] std::size_t derived_tables_of(const wire::Keep& keep);

// How long each part is kept that is kept: packets, their rows, and each of the tables.
[[nodiscard]] std::vector<wire::Retention> retentions_of(const wire::Keep& keep);

// "packets and rows", "rows, flows and questions of DNS": what is kept.
[[nodiscard]] std::string kept_words(const wire::Keep& keep);

}  // namespace packetsentry::proto
