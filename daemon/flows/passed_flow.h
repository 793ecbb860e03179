// A flow as one worker passes it on to the next.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "daemon/flows/flow.h"
#include "daemon/flows/passed_services.h"
#include "daemon/flows/server_names.h"
#include "daemon/flows/state_bytes.h"
#include "proto/flows/flow_key.h"

namespace packetsentry::flows {

// Times by the clock of the table, which is the same for all workers of live captures.
struct FlowAges {
    std::int64_t active_ns = 0;  // when its last packet came
    std::int64_t report_ns = 0;  // when it is to be shown, if it lasts
};

// lost: the packets that the capture of the present worker has lost in all.
void write_flow(StateWriter& bytes, const FlowKey& key, FlowAges ages, Flow& flow, std::uint64_t lost);

// The interface of a flow that was seen on one which the present worker does not capture.
inline constexpr std::uint32_t kNoInterface = UINT32_MAX;

// What a flow becomes here.
struct FlowsPassedTo {
    std::span<const std::uint32_t> interfaces;  // the number here of each interface of the other worker
    std::uint64_t lost = 0;
    PassedServices& services;  // this and names must outlive the flows
    ServerNames& names;
};
struct PassedFlow {
    FlowKey key;
    FlowAges ages;
    Flow flow;
};
// Nothing, and bytes.good() is false: it is none.
[[nodiscard]] std::optional<PassedFlow> read_flow(StateReader& bytes, const FlowsPassedTo& to);

}  // namespace packetsentry::flows
