#include "daemon/record/header_columns.h"

#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "daemon/flows/tcp_conversation.h"
#include "proto/rows/fixed_numbers.h"

namespace packetsentry::record {
namespace {

using dissect::HeaderFields;

static_assert(dissect::kTcpHeader == wire::TCP_HEADER);
static_assert(dissect::kMoreFragments == wire::FRAGMENT_MORE);
static_assert(dissect::kDontFragment == wire::FRAGMENT_DONT);
static_assert(dissect::kFragmentHeader == wire::FRAGMENT_HEADER);

constexpr bool is(flows::TcpNote note, wire::TcpNote written) {
    return static_cast<int>(note) == static_cast<int>(written);
}
static_assert(is(flows::kTcpRetransmission, wire::TCP_NOTE_RETRANSMISSION));
static_assert(is(flows::kTcpOutOfOrder, wire::TCP_NOTE_OUT_OF_ORDER));
static_assert(is(flows::kTcpDuplicateAck, wire::TCP_NOTE_DUPLICATE_ACK));
static_assert(is(flows::kTcpZeroWindow, wire::TCP_NOTE_ZERO_WINDOW));
static_assert(is(flows::kTcpKeepAlive, wire::TCP_NOTE_KEEP_ALIVE));
static_assert(is(flows::kTcpGapBefore, wire::TCP_NOTE_LOST_SEGMENT));

// member: a constant, so that each column is a loop of its own without a call in it. making: makes the
// column's string, which a batch without it should not have.
template <auto member>
void copy(const std::vector<HeaderFields>& rows, wire::Batch& batch, std::string* (wire::Batch::*making)()) {
    using Number = std::remove_cvref_t<decltype(HeaderFields{}.*member)>;
    Number any = 0;
    for (const HeaderFields& row : rows) any |= row.*member;
    if (any == 0) return;
    std::string& column = *(batch.*making)();
    column.resize(sizeof(Number) * rows.size());
    char* to = column.data();
    for (const HeaderFields& row : rows) {
        const Number number = proto::little_endian(row.*member);
        std::memcpy(to, &number, sizeof number);
        to += sizeof number;
    }
}

}  // namespace

void HeaderColumns::copy_to(wire::Batch& batch) {
    copy<&HeaderFields::hop_limit>(rows_, batch, &wire::Batch::mutable_hop_limit);
    copy<&HeaderFields::traffic_class>(rows_, batch, &wire::Batch::mutable_traffic_class);
    copy<&HeaderFields::identification>(rows_, batch, &wire::Batch::mutable_identification);
    copy<&HeaderFields::fragment>(rows_, batch, &wire::Batch::mutable_fragment);
    copy<&HeaderFields::tcp_flags>(rows_, batch, &wire::Batch::mutable_tcp_flags);
    copy<&HeaderFields::tcp_window>(rows_, batch, &wire::Batch::mutable_tcp_window);
    copy<&HeaderFields::tcp_payload_bytes>(rows_, batch, &wire::Batch::mutable_tcp_payload_bytes);
    copy<&HeaderFields::tcp_sequence>(rows_, batch, &wire::Batch::mutable_tcp_sequence);
    copy<&HeaderFields::tcp_acknowledgement>(rows_, batch, &wire::Batch::mutable_tcp_acknowledgement);
    copy<&HeaderFields::tcp_timestamp>(rows_, batch, &wire::Batch::mutable_tcp_timestamp);
    copy<&HeaderFields::tcp_timestamp_echo>(rows_, batch, &wire::Batch::mutable_tcp_timestamp_echo);
    copy<&HeaderFields::udp_length>(rows_, batch, &wire::Batch::mutable_udp_length);
    copy<&HeaderFields::tcp_notes>(rows_, batch, &wire::Batch::mutable_tcp_notes);
}

}  // namespace packetsentry::record
