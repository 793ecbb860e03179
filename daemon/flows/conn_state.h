// How a flow went, in one word: Zeek's conn_state
// (https://docs.zeek.org/en/master/scripts/base/protocols/conn/main.zeek.html#type-Conn::Info).
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/flows/flow_history.h"
#include "daemon/flows/tcp_conversation.h"

namespace packetsentry::flows {

enum class ConnState : std::uint8_t {
    S0,      // an attempt, and no answer
    S1,      // established, and not ended
    SF,      // established, and ended by both sides; UDP: both sides have sent
    REJ,     // an attempt that was rejected
    S2,      // established, and the originator alone has ended it
    S3,      // established, and the responder alone has ended it
    RSTO,    // established, and reset by the originator
    RSTR,    // reset by the responder
    RSTOS0,  // an attempt without an answer, and reset by the originator
    RSTRH,   // the responder has answered and reset an attempt that was not seen
    SH,      // an attempt and its end, without an answer
    SHR,     // an answer and its end, without the attempt
    OTH,     // seen from the middle on
};

[[nodiscard]] std::string_view to_string(ConnState state);

[[nodiscard]] ConnState conn_state_of(const TcpConversation& tcp, const FlowHistory& history);
[[nodiscard]] ConnState conn_state_of_udp(bool originator_sent, bool responder_sent);

}  // namespace packetsentry::flows
