#include "daemon/flows/conn_state.h"

#include <array>

namespace packetsentry::flows {
namespace {

constexpr std::array<std::string_view, 13> kConnStateNames = {
    "S0", "S1", "SF", "REJ", "S2", "S3", "RSTO", "RSTR", "RSTOS0", "RSTRH", "SH", "SHR", "OTH"};

bool was_not_begun(const TcpSide& side) {
    return side.state == TcpState::silent || side.state == TcpState::midstream;
}

ConnState reset_by_responder(const TcpSide& originator, const TcpSide& responder) {
    const bool opening = originator.state == TcpState::opening || originator.state == TcpState::answering;
    const bool both_empty = originator.state == TcpState::reset && originator.data_bytes(responder) == 0 &&
                            responder.data_bytes(originator) == 0;
    if (opening || both_empty) return ConnState::REJ;
    return was_not_begun(originator) ? ConnState::RSTRH : ConnState::RSTR;
}

// The originator has sent a SYN and then a RST, and nothing between them that belongs to a connection.
bool gave_up(const FlowHistory& history) {
    std::string_view text = history.text();
    if (text.starts_with('^')) text.remove_prefix(1);
    if (!text.starts_with('S')) return false;
    const std::size_t reset = text.find('R');
    return reset != std::string_view::npos && text.substr(0, reset).find_first_of("HAFGIQ") == text.npos;
}

ConnState reset_by_originator(const TcpSide& responder, const FlowHistory& history) {
    if (!was_not_begun(responder)) return ConnState::RSTO;
    return gave_up(history) ? ConnState::RSTOS0 : ConnState::OTH;
}

}  // namespace

std::string_view to_string(ConnState state) {
    return kConnStateNames.at(static_cast<std::size_t>(state));
}

ConnState conn_state_of(const TcpConversation& tcp, const FlowHistory& history) {
    const TcpSide& originator = tcp.originator();
    const TcpSide& responder = tcp.responder();
    if (responder.state == TcpState::reset) return reset_by_responder(originator, responder);
    if (originator.state == TcpState::reset) return reset_by_originator(responder, history);
    const bool closed = originator.state == TcpState::closed;
    if (closed && responder.state == TcpState::closed) return ConnState::SF;
    if (closed) return was_not_begun(responder) ? ConnState::SH : ConnState::S2;
    if (responder.state == TcpState::closed)
        return was_not_begun(originator) ? ConnState::SHR : ConnState::S3;
    if (originator.state == TcpState::opening && responder.state == TcpState::silent) return ConnState::S0;
    if (originator.state == TcpState::established && responder.state == TcpState::established)
        return ConnState::S1;
    return ConnState::OTH;
}

ConnState conn_state_of_udp(bool originator_sent, bool responder_sent) {
    if (originator_sent) return responder_sent ? ConnState::SF : ConnState::S0;
    return responder_sent ? ConnState::SHR : ConnState::OTH;
}

}  // namespace packetsentry::flows
