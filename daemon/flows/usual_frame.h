// The key of the flow of a frame that comes next, before it is dissected.
//
// A table that does not fit into the processor's memory makes every packet wait for main memory, twice: for
// where its flow is, and for the flow. Whoever knows the next packet early can have both fetched while this
// one is dissected. That is worth it for the kind that most frames are of: Ethernet with at most one VLAN
// tag, or no link layer; IP without anything between it and TCP or UDP.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "proto/flows/flow_key.h"

namespace packetsentry::flows {

// frame: begins with the frame, and may have less or more than it, unchecked. The key may be a wrong one:
// nothing but speed may depend on it. Nothing: the frame is an unusual one.
[[nodiscard]] std::optional<FlowKey> key_of_usual_frame(std::span<const std::byte> frame,
                                                        std::uint32_t link_type);

}  // namespace packetsentry::flows
