// One side of a TCP connection, as somebody between both sides sees it.
#pragma once

#include <cstdint>

#include "daemon/flows/flow_history.h"
#include "daemon/flows/state_bytes.h"
#include "daemon/flows/stream_coverage.h"

namespace packetsentry::flows {

enum class TcpState : std::uint8_t {
    silent,     // nothing was seen of it
    opening,    // it has sent a SYN
    answering,  // it has sent a SYN and ACK without being asked, as far as was seen
    midstream,  // it was seen first in the middle of a connection
    established,
    closed,  // it has sent a FIN
    reset,   // it has sent a RST
};

// By how much a sequence number is behind another one, around the end of the numbers (RFC 9293, section 3.4).
[[nodiscard]] inline std::int32_t sequence_distance(std::uint32_t from, std::uint32_t to) {
    return static_cast<std::int32_t>(to - from);
}

// A sequence number, and how far it is from the side's first one. The distance goes on where the numbers
// begin again.
struct SequenceMark {
    std::uint32_t number = 0;
    std::int64_t offset = 0;

    [[nodiscard]] std::int64_t offset_of(std::uint32_t other) const {
        return offset + sequence_distance(number, other);
    }
    void advance(std::uint32_t to) {
        offset += static_cast<std::uint32_t>(to - number);
        number = to;
    }
    template <typename Bytes>
    void pass(Bytes& bytes) {  // see StateReader
        bytes.number(number);
        bytes.within(offset, -kPassedOffset, kPassedOffset);
    }
};

struct TcpSide {
    TcpState state = TcpState::silent;
    TcpState before = TcpState::silent;  // the state before this one
    bool ended = false;              // its end was seen, and all data before it or nothing of it will come
    bool ends = false;               // its end was seen
    bool midstream_numbers = false;  // first is only where it was seen first, so nothing is missing before
    std::uint8_t window_scale = 0;
    std::uint32_t fins = 0;

    std::uint32_t first = 0;       // number of the SYN, or what it would have been
    SequenceMark sent;             // behind the last byte that it sent
    SequenceMark acknowledged;     // behind the last byte that the peer has acknowledged
    std::uint64_t fin_offset = 0;  // behind the FIN
    // Offsets of the last segment of each kind, because one that is sent again is not another event.
    std::int64_t syn_at = 0;
    std::int64_t fin_at = 0;
    std::int64_t rst_at = 0;
    std::int64_t sent_time_ns = 0;  // when sent was reached

    StreamCoverage coverage;
    // For the history: segments that end before others did, whatever they are, and holes of any cause.
    ScaledEvent late_segments;
    ScaledEvent zero_windows;
    ScaledEvent holes;
    std::uint32_t retransmissions = 0;  // segments
    std::uint32_t out_of_order = 0;     // segments
    std::uint32_t duplicate_acks = 0;   // segments
    std::uint64_t missing_bytes = 0;

    // The last acknowledgement that it sent, to know one that repeats it.
    std::uint32_t last_ack = 0;
    std::uint16_t last_window = 0;
    bool has_acked = false;
    std::uint16_t repeated_acks = 0;  // in a row
    std::int64_t repeated_ack_time_ns = 0;

    void change(TcpState to) {
        if (to == state) return;
        before = state;
        state = to;
    }
    void begin_at(std::uint32_t number);
    // Bytes of data, by sequence numbers: those that were not captured count too.
    [[nodiscard]] std::uint64_t data_bytes(const TcpSide& peer) const;
    // All of its data was seen, up to its end.
    [[nodiscard]] bool all_seen() const;
    // The peer has not said yet that it has got all data.
    [[nodiscard]] bool waits_for_ack() const {
        return static_cast<std::int64_t>(coverage.end()) > acknowledged.offset && coverage.end() > 1;
    }
    template <typename Bytes>
    void pass(Bytes& bytes) {  // see StateReader
        bytes.word(state, TcpState::reset);
        bytes.word(before, TcpState::reset);
        bytes.flag(ended);
        bytes.flag(ends);
        bytes.flag(midstream_numbers);
        bytes.number(window_scale);
        bytes.number(fins);
        bytes.number(first);
        sent.pass(bytes);
        acknowledged.pass(bytes);
        bytes.template within<std::uint64_t>(fin_offset, 0, kPassedOffset);
        for (std::int64_t* const offset : {&syn_at, &fin_at, &rst_at})
            bytes.within(*offset, -kPassedOffset, kPassedOffset);
        bytes.within(sent_time_ns, -kPassedTime, kPassedTime);
        coverage.pass(bytes);
        for (ScaledEvent* const event : {&late_segments, &zero_windows, &holes}) event->pass(bytes);
        for (std::uint32_t* const count : {&retransmissions, &out_of_order, &duplicate_acks})
            bytes.number(*count);
        bytes.number(missing_bytes);
        bytes.number(last_ack);
        bytes.number(last_window);
        bytes.flag(has_acked);
        bytes.number(repeated_acks);
        bytes.within(repeated_ack_time_ns, -kPassedTime, kPassedTime);
    }
};

}  // namespace packetsentry::flows
