#include "daemon/flows/tcp_conversation.h"

#include <algorithm>
#include <cctype>

namespace packetsentry::flows {
namespace {

using Seen = StreamCoverage::Seen;

// Numbers of a SYN or RST, and acknowledgements of 0, are not believed when they are farther away than this.
constexpr std::int32_t kFarAway = 1 << 20;
// A segment that fills a hole was overtaken by others if it comes within the handshake's round trip, or
// within this time if the handshake is not known; later, it was sent again. Both are Wireshark's values.
constexpr std::int64_t kReorderingNs = 3'000'000;
constexpr std::int64_t kFastRetransmissionNs = 20'000'000;
constexpr std::uint16_t kAcksForFastRetransmission = 2;
constexpr std::uint16_t kControl = tcp_flag::syn | tcp_flag::fin | tcp_flag::rst;

bool is_clean(const TcpSide& side) {
    return side.state == TcpState::established ||
           (side.state == TcpState::closed && side.before == TcpState::established);
}

// Sequence numbers begin where a side is seen first. A SYN in a later state may be what really begins them.
void begin_numbers(TcpSide& side, const TcpSegment& segment) {
    const bool syn = segment.has(tcp_flag::syn);
    switch (side.state) {
        case TcpState::silent:
            side.midstream_numbers = !syn;
            side.begin_at(syn ? segment.sequence : segment.sequence - 1);
            side.sent = {.number = side.first, .offset = 0};
            if (!syn) side.sent.advance(segment.sequence);
            break;
        case TcpState::opening:
        case TcpState::answering:
        case TcpState::established:
        case TcpState::midstream:
            if (syn && segment.sequence != side.first) side.begin_at(segment.sequence);
            break;
        case TcpState::reset:
            // What was reset before anything was seen of it may have been somebody else's segment.
            if (syn && side.before == TcpState::silent) side.begin_at(segment.sequence);
            break;
        case TcpState::closed:
            break;
    }
}

}  // namespace

std::uint8_t TcpConversation::take(const TcpSegment& segment, bool from_originator, FlowHistory& history) {
    if (was_answer(segment, history)) {
        turn();
        history.begin_again("^h");
        from_originator = !from_originator;
    }
    note_handshake(segment, from_originator);
    const bool first_side = from_originator != turned_;
    Step step{.segment = segment,
              .side = sides_[first_side ? 0 : 1],
              .peer = sides_[first_side ? 1 : 0],
              .history = history};
    begin_numbers(step.side, segment);
    step.at = step.side.sent.offset_of(segment.sequence);
    tell(step);

    auto seen = Seen::next;
    const std::int64_t data_at = step.at + (segment.has(tcp_flag::syn) ? 1 : 0);
    if (segment.payload_bytes != 0 && !segment.has(tcp_flag::rst))
        seen = data_at < 0
                   ? Seen::before
                   : step.side.coverage.add(static_cast<std::uint64_t>(data_at), segment.payload_bytes);
    const std::uint8_t notes = note(step, seen);

    if (segment.has(tcp_flag::syn)) step.side.window_scale = segment.window_scale.value_or(0);
    if (segment.has(tcp_flag::fin)) {
        ++step.side.fins;
        step.side.fin_offset =
            static_cast<std::uint64_t>(std::max<std::int64_t>(step.at, 0)) + segment.length();
    }
    const std::int64_t acknowledged = segment.has(tcp_flag::ack) ? acknowledge(step) : 0;
    advance(step);
    change_state(step);
    give_up(step, acknowledged);
    end_side(step.side, step.peer);
    end_side(step.peer, step.side);
    return notes;
}

// The first segment was a SYN and ACK, and what follows belongs to a connection.
bool TcpConversation::was_answer(const TcpSegment& segment, const FlowHistory& history) const {
    return history.text() == "H" && !segment.has(kControl) &&
           (segment.payload_bytes != 0 || segment.has(tcp_flag::ack));
}

void TcpConversation::note_handshake(const TcpSegment& segment, bool from_originator) {
    Handshake& shake = handshake_;
    if (segment.has(tcp_flag::syn) && !segment.has(tcp_flag::ack) && from_originator) {
        shake.syn_repeated = shake.has_syn;
        if (!shake.has_syn) shake.syn_ns = segment.time_ns;
        shake.has_syn = true;
    } else if (segment.has(tcp_flag::syn) && !from_originator) {
        shake.answer_repeated = shake.has_answer;
        if (!shake.has_answer) shake.answer_ns = segment.time_ns;
        shake.has_answer = true;
    } else if (from_originator && shake.has_answer && !shake.has_ack && segment.has(tcp_flag::ack)) {
        shake.ack_ns = segment.time_ns;
        shake.has_ack = true;
    }
}

std::optional<std::int64_t> TcpConversation::responder_rtt_ns() const {
    const Handshake& shake = handshake_;
    if (!shake.has_syn || !shake.has_answer || shake.syn_repeated || shake.answer_ns < shake.syn_ns)
        return std::nullopt;
    return shake.answer_ns - shake.syn_ns;
}

std::optional<std::int64_t> TcpConversation::originator_rtt_ns() const {
    const Handshake& shake = handshake_;
    if (!shake.has_answer || !shake.has_ack || shake.answer_repeated || shake.ack_ns < shake.answer_ns)
        return std::nullopt;
    return shake.ack_ns - shake.answer_ns;
}

std::int64_t TcpConversation::reordering_ns() const {
    const auto there = responder_rtt_ns();
    const auto back = originator_rtt_ns();
    return there && back ? *there + *back : kReorderingNs;
}

void TcpConversation::add_letter(Step& step, char letter) {
    const bool upper = is_originator(step.side);
    step.history.add(upper ? letter : static_cast<char>(std::tolower(static_cast<unsigned char>(letter))));
}

void TcpConversation::tell(Step& step) {
    const TcpSegment& segment = step.segment;
    const bool originator = is_originator(step.side);
    const auto first = [&](FlowEvent event, char letter) {
        const char written =
            originator ? letter : static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
        return !step.history.add_first(event, originator, written);
    };
    // Another segment of that kind is another event only if it is not sent again.
    const auto again = [&](FlowEvent event, char letter, std::int64_t at, std::int64_t& last) {
        if (!first(event, letter) && at != last) add_letter(step, letter);
        last = at;
    };
    switch (segment.flags & kControl) {
        case tcp_flag::syn:
            return again(FlowEvent::syn, segment.has(tcp_flag::ack) ? 'H' : 'S', step.at, step.side.syn_at);
        case tcp_flag::fin:
            return again(FlowEvent::fin, 'F', step.at + segment.payload_bytes, step.side.fin_at);
        case tcp_flag::rst:
            return again(FlowEvent::rst, 'R', step.at, step.side.rst_at);
        case 0:
            if (segment.payload_bytes != 0)
                (void)first(FlowEvent::data, 'D');
            else if (segment.has(tcp_flag::ack))
                (void)first(FlowEvent::ack, 'A');
            return;
        default:
            if (segment.has(tcp_flag::fin) && segment.has(tcp_flag::rst))
                (void)first(FlowEvent::fin_and_rst, 'I');
            else
                (void)first(FlowEvent::other_flags, 'Q');
    }
}

std::uint8_t TcpConversation::note(Step& step, Seen seen) {
    TcpSide& side = step.side;
    const TcpSegment& segment = step.segment;
    // After a RST, and where the other side has sent all, the window says nothing.
    if (segment.window == 0 && !segment.has(tcp_flag::rst) && step.peer.state != TcpState::closed &&
        side.state != TcpState::reset && side.zero_windows.happens())
        add_letter(step, 'W');
    const auto notes = static_cast<std::uint8_t>(note_sequence(step, seen) | note_acknowledgement(step));
    if ((notes & kTcpRetransmission) != 0) ++side.retransmissions;
    if ((notes & kTcpOutOfOrder) != 0) ++side.out_of_order;
    if ((notes & kTcpDuplicateAck) != 0) ++side.duplicate_acks;
    return notes;
}

std::uint8_t TcpConversation::note_sequence(const Step& step, Seen seen) const {
    const TcpSide& side = step.side;
    const TcpSegment& segment = step.segment;
    if (side.state == TcpState::silent || segment.has(tcp_flag::rst) || segment.length() == 0) {
        const bool keep_alive = side.state != TcpState::silent && segment.length() == 0 &&
                                !segment.has(kControl) && step.at == side.sent.offset - 1;
        return keep_alive ? kTcpKeepAlive : kTcpNothing;
    }
    if (step.at > side.sent.offset) return kTcpGapBefore;
    if (step.at == side.sent.offset) return kTcpNothing;
    if (segment.length() == 1 && !segment.has(kControl) && step.at == side.sent.offset - 1)
        return kTcpKeepAlive;
    const TcpSide& peer = step.peer;
    const bool fast = peer.repeated_acks >= kAcksForFastRetransmission && peer.last_ack == segment.sequence &&
                      segment.time_ns - peer.repeated_ack_time_ns < kFastRetransmissionNs;
    if (seen == Seen::filled && !fast && segment.time_ns - side.sent_time_ns < reordering_ns())
        return kTcpOutOfOrder;
    return kTcpRetransmission;
}

std::uint8_t TcpConversation::note_acknowledgement(Step& step) {
    TcpSide& side = step.side;
    const TcpSegment& segment = step.segment;
    if (!segment.has(tcp_flag::ack) || segment.has(kControl)) return kTcpNothing;
    const bool repeats = side.has_acked && segment.payload_bytes == 0 && segment.window != 0 &&
                         segment.window == side.last_window && segment.acknowledgement == side.last_ack &&
                         segment.sequence == side.sent.number;
    side.repeated_acks =
        repeats ? static_cast<std::uint16_t>(std::min(side.repeated_acks + 1, 0xFFFF)) : std::uint16_t{0};
    if (repeats) side.repeated_ack_time_ns = segment.time_ns;
    side.has_acked = true;
    side.last_ack = segment.acknowledgement;
    side.last_window = segment.window;
    return static_cast<std::uint8_t>((repeats ? kTcpDuplicateAck : 0) |
                                     (segment.window == 0 ? kTcpZeroWindow : 0));
}

// Returns how far the segment acknowledges what the peer has sent.
std::int64_t TcpConversation::acknowledge(Step& step) {
    TcpSide& peer = step.peer;
    const std::uint32_t number = step.segment.acknowledgement;
    if (peer.state == TcpState::silent) {
        peer.begin_at(number - 1);
        return 1;
    }
    const std::int64_t offset = peer.acknowledged.offset_of(number);
    if (offset < 0) return 0;
    const std::int32_t more = sequence_distance(peer.acknowledged.number, number);
    const bool broken = number == 0 && more > kFarAway;
    if (!step.segment.has(tcp_flag::rst) && more > 0 && !broken) peer.acknowledged.advance(number);
    return offset;
}

void TcpConversation::advance(Step& step) {
    TcpSide& side = step.side;
    const TcpSegment& segment = step.segment;
    const std::uint32_t end = segment.sequence + segment.length();
    const std::int32_t more = sequence_distance(side.sent.number, end);
    const bool far = more > kFarAway || more < -kFarAway;
    if ((segment.has(tcp_flag::syn) || segment.has(tcp_flag::rst)) && far) return;
    // If the data of a connection is not captured, only the SYN and the FIN are seen, which may be more than
    // 2 GiB apart.
    const bool only_ends = segment.has(tcp_flag::fin) && side.sent.offset == 1;
    if (only_ends || (side.state != TcpState::reset && more > 0)) {
        if (end == side.sent.number) return;
        side.sent.advance(end);
        side.sent_time_ns = segment.time_ns;
    } else if (side.state != TcpState::reset && segment.payload_bytes != 0 && side.late_segments.happens()) {
        add_letter(step, 'T');
    }
}

void TcpConversation::change_state(Step& step) {
    TcpSide& side = step.side;
    TcpSide& peer = step.peer;
    const TcpSegment& segment = step.segment;
    const bool fin = segment.has(tcp_flag::fin);
    const bool rst = segment.has(tcp_flag::rst);
    switch (side.state) {
        case TcpState::silent:
            return leave_silence(step);
        case TcpState::opening:
        case TcpState::answering:
            if (fin) side.change(TcpState::closed);
            break;
        case TcpState::established:
        case TcpState::midstream:
            if (segment.has(tcp_flag::syn) && !segment.has(tcp_flag::ack) &&
                side.state == TcpState::midstream && peer.state == TcpState::silent)
                side.change(TcpState::opening);
            if (!fin || rst) break;
            side.change(TcpState::closed);
            // A FIN and then a RST was an orderly end, too.
            if (peer.state == TcpState::reset && peer.before == TcpState::closed)
                peer.change(TcpState::closed);
            break;
        case TcpState::closed:
            if (!rst || peer.state == TcpState::closed) return;
            side.change(TcpState::reset);
            side.ends = true;
            over_ |= side.ended;
            return;
        case TcpState::reset:
            return;
    }
    if (rst) side.change(TcpState::reset);
    side.ends |= fin || rst;
}

void TcpConversation::leave_silence(Step& step) {
    TcpSide& side = step.side;
    TcpSide& peer = step.peer;
    const TcpSegment& segment = step.segment;
    const bool originator = is_originator(side);
    const bool ack = segment.has(tcp_flag::ack);
    if (segment.has(tcp_flag::syn) && originator) {
        side.change(ack ? TcpState::answering : TcpState::opening);
    } else if (segment.has(tcp_flag::syn)) {
        // Both were captured in the wrong order, as may happen on two interfaces.
        if (!ack && peer.state == TcpState::answering) {
            turn();
            step.history.add('^');
            peer.change(TcpState::established);
        }
        if (peer.state == TcpState::opening) peer.change(TcpState::established);
        side.change(TcpState::established);
    }
    if (segment.has(tcp_flag::fin)) side.change(TcpState::closed);
    if (segment.has(tcp_flag::rst)) side.change(TcpState::reset);
    side.ends |= segment.has(tcp_flag::fin) || segment.has(tcp_flag::rst);
    if (side.state != TcpState::silent) return;
    // Some acknowledge a SYN before they answer it.
    if (!originator && segment.payload_bytes == 0 && peer.state == TcpState::opening) return;
    side.change(ack && peer.state == TcpState::established ? TcpState::established : TcpState::midstream);
}

// The sender of the segment has got everything before what it acknowledges, whether it was captured or not.
void TcpConversation::give_up(Step& step, std::int64_t acknowledged) {
    TcpSide& peer = step.peer;
    if (acknowledged <= 0) return;
    auto end = static_cast<std::uint64_t>(acknowledged);
    if (peer.fins != 0 && peer.fin_offset != 0) end = std::min(end, peer.fin_offset - 1);
    // Where the beginning was not seen, nobody knows whether the first byte is missing.
    if (end <= peer.coverage.whole() || (peer.midstream_numbers && end <= 2)) return;
    const StreamCoverage::Missing missing = peer.coverage.give_up(end);
    if (!is_clean(step.side) || !is_clean(peer)) return;
    peer.missing_bytes += missing.bytes;
    const char letter = is_originator(peer) ? 'G' : 'g';
    for (std::uint32_t i = 0; i < missing.holes; ++i)
        if (peer.holes.happens()) step.history.add(letter);
}

void TcpConversation::end_side(TcpSide& side, const TcpSide& peer) {
    if (!side.ends || side.ended) return;
    // Data that was sent before the end may still come, and so may the acknowledgement of what the peer sent.
    if (!side.all_seen() || (side.state != TcpState::reset && peer.waits_for_ack())) return;
    side.ended = true;
    over_ |= side.state == TcpState::reset || peer.ended || peer.state == TcpState::silent;
}

bool TcpConversation::begins_another(const TcpSegment& segment, bool from_originator) const {
    if (!segment.has(tcp_flag::syn)) return false;
    if (segment.has(tcp_flag::ack) && originator().state != TcpState::silent) return false;
    if (originator().ended || responder().ended) return true;
    const TcpSide& own = side(from_originator);
    return own.state != TcpState::silent && segment.sequence != own.first;
}

bool TcpConversation::unanswered() const {
    const TcpState state = originator().state;
    return (state == TcpState::opening || state == TcpState::answering) &&
           responder().state == TcpState::silent;
}

}  // namespace packetsentry::flows
