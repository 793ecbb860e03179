// What each kind of transaction passes on to the next worker: functions for flows::StateWriter and
// flows::StateReader.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "daemon/flows/passed_flow.h"
#include "daemon/flows/state_bytes.h"
#include "daemon/transactions/transaction.h"
#include "proto/flows/flow_key.h"

namespace packetsentry::transactions {

template <typename Bytes>
void pass_tuple(Bytes& bytes, flows::FlowTuple& tuple) {
    for (auto* const end : {&tuple.source, &tuple.destination}) {
        bytes.address(end->address);
        bytes.number(end->port);
    }
    bytes.number(tuple.ip_protocol);
    bytes.flag(tuple.one_way);
}
// Tells whether both ends of a tuple that was read have addresses of one kind.
[[nodiscard]] inline bool has_like_ends(const flows::FlowTuple& tuple) {
    return tuple.source.address.size == tuple.destination.address.size;
}

template <typename Bytes>
void pass_time(Bytes& bytes, std::optional<std::int64_t>& time_ns) {
    bool has_time = time_ns.has_value();
    std::int64_t value = time_ns.value_or(0);
    bytes.flag(has_time);
    bytes.within(value, -flows::kPassedTime, flows::kPassedTime);
    time_ns = has_time ? std::optional(value) : std::nullopt;
}

template <typename Bytes>
void pass_seen_on(Bytes& bytes, SeenOn& seen_on) {
    bytes.number(seen_on.interface);
    bytes.number(seen_on.interface_index);
}
// interfaces: the number here of each interface of the other worker.
inline void find_here(SeenOn& seen_on, std::span<const std::uint32_t> interfaces) {
    seen_on.interface =
        seen_on.interface < interfaces.size() ? interfaces[seen_on.interface] : flows::kNoInterface;
}

}  // namespace packetsentry::transactions
