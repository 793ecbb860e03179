// A TCP connection as somebody between both sides sees it, who may have missed its beginning, some of its
// segments, or one of its sides.
//
// The states, the letters of the history and the counts of bytes are those of Zeek's conn.log
// (https://docs.zeek.org/en/master/scripts/base/protocols/conn/main.zeek.html), because people and tools know
// them. What a segment is to the connection (TcpNote) is what Wireshark calls tcp.analysis
// (https://www.wireshark.org/docs/wsug_html_chunked/ChAdvTCPAnalysis.html).
//
// Both sides are equal here. Which of them is the originator is decided by the flow, and may change once: if
// the first segment was a SYN and ACK, its sender may scan the network, so it is the originator; if data or
// an acknowledgement follows, it was the answer to a SYN that was not seen.
#pragma once

#include <cstdint>
#include <optional>

#include "daemon/flows/flow_history.h"
#include "daemon/flows/tcp_segment.h"
#include "daemon/flows/tcp_side.h"

namespace packetsentry::flows {

// To be added up.
enum TcpNote : std::uint8_t {
    kTcpNothing = 0,
    kTcpRetransmission = 1,  // its bytes were sent before
    kTcpOutOfOrder = 2,      // it was sent before another one, and came after it
    kTcpDuplicateAck = 4,    // it repeats an acknowledgement
    kTcpZeroWindow = 8,      // its sender takes no more data
    kTcpKeepAlive = 16,      // it asks whether the other side is there
    kTcpGapBefore = 32,      // what came before it was not captured
};

class TcpConversation {
  public:
    // from_originator: which side has sent the segment. Returns the notes. If turned() is not afterwards what
    // it was before, the sender is not the side that it was taken for.
    std::uint8_t take(const TcpSegment& segment, bool from_originator, FlowHistory& history);

    // Tells whether a segment begins another connection between the same ends.
    [[nodiscard]] bool begins_another(const TcpSegment& segment, bool from_originator) const;

    [[nodiscard]] const TcpSide& originator() const { return side(true); }
    [[nodiscard]] const TcpSide& responder() const { return side(false); }
    [[nodiscard]] const TcpSide& side(bool of_originator) const {
        return sides_[of_originator != turned_ ? 0 : 1];
    }
    // Nothing more belongs to it, but what comes late.
    [[nodiscard]] bool over() const { return over_; }
    // Both ends were seen. What follows does not make the connection longer.
    [[nodiscard]] bool both_ended() const { return sides_[0].ended && sides_[1].ended; }
    // A SYN that was not answered.
    [[nodiscard]] bool unanswered() const;
    [[nodiscard]] bool turned() const { return turned_; }

    // How long the handshake took: until the answer of the responder, and from there until that of the
    // originator. Nothing where a part of it was not seen or was sent more than once.
    [[nodiscard]] std::optional<std::int64_t> responder_rtt_ns() const;
    [[nodiscard]] std::optional<std::int64_t> originator_rtt_ns() const;

    template <typename Bytes>
    void pass(Bytes& bytes) {  // see StateReader
        for (TcpSide& side : sides_) side.pass(bytes);
        for (std::int64_t* const time : {&handshake_.syn_ns, &handshake_.answer_ns, &handshake_.ack_ns})
            bytes.within(*time, -kPassedTime, kPassedTime);
        for (bool* const flag : {&handshake_.has_syn, &handshake_.has_answer, &handshake_.has_ack,
                                 &handshake_.syn_repeated, &handshake_.answer_repeated, &over_, &turned_})
            bytes.flag(*flag);
    }
    // Tells whether it is a possible one, after it was passed.
    [[nodiscard]] bool valid() const { return sides_[0].coverage.valid() && sides_[1].coverage.valid(); }

  private:
    struct Handshake {
        std::int64_t syn_ns = 0;
        std::int64_t answer_ns = 0;
        std::int64_t ack_ns = 0;
        bool has_syn = false, has_answer = false, has_ack = false;
        bool syn_repeated = false, answer_repeated = false;
    };
    // A segment with its two sides. A reference stays that of the same side when the conversation turns.
    struct Step {
        const TcpSegment& segment;
        TcpSide& side;  // of the sender
        TcpSide& peer;
        FlowHistory& history;
        std::int64_t at = 0;  // offset of the segment in what its sender has sent
    };

    [[nodiscard]] bool is_originator(const TcpSide& side) const { return &side == &originator(); }
    void turn() { turned_ = !turned_; }
    [[nodiscard]] bool was_answer(const TcpSegment& segment, const FlowHistory& history) const;
    void note_handshake(const TcpSegment& segment, bool from_originator);
    void tell(Step& step);
    void add_letter(Step& step, char letter);
    std::uint8_t note(Step& step, StreamCoverage::Seen seen);
    std::uint8_t note_acknowledgement(Step& step);
    [[nodiscard]] std::uint8_t note_sequence(const Step& step, StreamCoverage::Seen seen) const;
    [[nodiscard]] std::int64_t acknowledge(Step& step);
    void advance(Step& step);
    void change_state(Step& step);
    void leave_silence(Step& step);
    void give_up(Step& step, std::int64_t acknowledged);
    void end_side(TcpSide& side, const TcpSide& peer);
    [[nodiscard]] std::int64_t reordering_ns() const;

    TcpSide sides_[2];  // the first is the one that was taken for the originator first
    Handshake handshake_;
    bool over_ = false;
    bool turned_ = false;
};

}  // namespace packetsentry::flows
