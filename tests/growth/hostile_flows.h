// What strangers can make the table of flows do, as packets that it takes.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/flows/flow_packet.h"

namespace packetsentry::growth {

struct FlowCase {
    std::string_view name;
    std::vector<flows::FlowPacket> (*make)(std::size_t packets);
    std::size_t room;  // flows
};
[[nodiscard]] std::span<const FlowCase> flow_cases();

// Gives them to a table, within measured(). Returns whether each was counted in a flow that was shown.
[[nodiscard]] bool run_flows(const FlowCase& of, std::size_t packets);

// Gives so many answers of DNS to a table, within measured(). Returns whether it knows the last one.
[[nodiscard]] bool run_answers(std::size_t answers);

// Gives so many questions of DNS, and answers that answer none of them, to what puts them together, within
// measured(). Returns whether each of them was shown.
[[nodiscard]] bool run_questions(std::size_t questions);

// Gives so many requests of HTTP, each of them twice, on a few connections, to what puts them together,
// within measured(). Returns whether each of them was shown.
[[nodiscard]] bool run_requests(std::size_t requests);

// Gives the beginnings of so many handshakes of TLS, in pieces, to what puts them together, within
// measured(). Returns whether each of them was shown.
[[nodiscard]] bool run_handshakes(std::size_t handshakes);

}  // namespace packetsentry::growth
