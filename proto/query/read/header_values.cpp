// The numbers of IP, TCP and UDP headers, and the chain of layers, of which nearly every row has a value.
#include <functional>

#include "proto/query/read/dense_values.h"
#include "proto/rows/tcp_flags.h"

namespace packetsentry::query {
namespace {

using proto::BatchView;
using rows::FieldKind;

// value and has: what a BatchView tells of a row.
template <auto value, auto has, FieldKind kind = FieldKind::number>
std::optional<FieldValue> header_number(const ReadBatch& batch, std::uint32_t row) {
    if (!std::invoke(has, *batch.view, row)) return {};
    return FieldValue{.kind = kind, .number = std::uint64_t{std::invoke(value, *batch.view, row)}};
}

template <wire::FragmentBit bit>
unsigned fragment_bit_value(const BatchView& view, std::uint32_t row) {
    return view.fragment_bit(row, bit) ? 1 : 0;
}

// Each IPv4 header has a place for a fragment; in IPv6 a header of its own tells it.
bool has_fragment_values(const BatchView& view, std::uint32_t row) {
    return view.has_ipv4(row) || view.is_fragment(row);
}

std::uint16_t ethertype_value(const BatchView& view, std::uint32_t row) {
    return view.ethertype(view.layers_index(row));
}

bool has_ethertype_value(const BatchView& view, std::uint32_t row) {
    return ethertype_value(view, row) != 0;
}

std::optional<FieldValue> layers_text(const ReadBatch& batch, std::uint32_t row) {
    const std::string_view chain = batch.view->layers(batch.view->layers_index(row));
    return chain.empty() ? std::optional<FieldValue>() : FieldValue::of_text(chain);
}

// A header without any flag has an empty text.
std::optional<FieldValue> tcp_flags_value(const ReadBatch& batch, std::uint32_t row) {
    if (!batch.view->has_tcp(row)) return {};
    return FieldValue::of_text(rows::tcp_flags_text(static_cast<std::uint8_t>(batch.view->tcp_flags(row))));
}

// As in Wireshark, it is there or not.
template <wire::TcpNote note>
unsigned has_note(const BatchView& view, std::uint32_t row) {
    return (view.tcp_notes(row) & note) != 0 ? 1 : 0;
}

constexpr DenseRow kHeaderRows[] = {
    {&rows::field("packetsentry.ethertype"), header_number<ethertype_value, has_ethertype_value>},
    {&rows::field("packetsentry.ip.dont_fragment"),
     header_number<fragment_bit_value<wire::FRAGMENT_DONT>, &BatchView::has_ipv4, FieldKind::flag>},
    {&rows::field("packetsentry.ip.dscp"), header_number<&BatchView::dscp, &BatchView::has_ip>},
    {&rows::field("packetsentry.ip.ecn"), header_number<&BatchView::ecn, &BatchView::has_ip>},
    {&rows::field("packetsentry.ip.fragment_offset"),
     header_number<&BatchView::fragment_offset, has_fragment_values>},
    {&rows::field("packetsentry.ip.id"), header_number<&BatchView::identification, &BatchView::has_ipv4>},
    {&rows::field("packetsentry.ip.more_fragments"),
     header_number<fragment_bit_value<wire::FRAGMENT_MORE>, has_fragment_values, FieldKind::flag>},
    {&rows::field("packetsentry.ip.ttl"), header_number<&BatchView::hop_limit, &BatchView::has_ip>},
    {&rows::field("packetsentry.layers"), layers_text},
    {&rows::field("packetsentry.tcp.acknowledgement"),
     header_number<&BatchView::tcp_acknowledgement, &BatchView::has_tcp>},
    {&rows::field("packetsentry.tcp.flag_bits"), header_number<&BatchView::tcp_flags, &BatchView::has_tcp>},
    {&rows::field("packetsentry.tcp.flags"), tcp_flags_value},
    {&rows::field("packetsentry.tcp.retransmission"),
     header_number<has_note<wire::TCP_NOTE_RETRANSMISSION>, has_note<wire::TCP_NOTE_RETRANSMISSION>,
                   FieldKind::flag>},
    {&rows::field("packetsentry.tcp.out_of_order"),
     header_number<has_note<wire::TCP_NOTE_OUT_OF_ORDER>, has_note<wire::TCP_NOTE_OUT_OF_ORDER>,
                   FieldKind::flag>},
    {&rows::field("packetsentry.tcp.duplicate_ack"),
     header_number<has_note<wire::TCP_NOTE_DUPLICATE_ACK>, has_note<wire::TCP_NOTE_DUPLICATE_ACK>,
                   FieldKind::flag>},
    {&rows::field("packetsentry.tcp.zero_window"),
     header_number<has_note<wire::TCP_NOTE_ZERO_WINDOW>, has_note<wire::TCP_NOTE_ZERO_WINDOW>,
                   FieldKind::flag>},
    {&rows::field("packetsentry.tcp.keep_alive"),
     header_number<has_note<wire::TCP_NOTE_KEEP_ALIVE>, has_note<wire::TCP_NOTE_KEEP_ALIVE>,
                   FieldKind::flag>},
    {&rows::field("packetsentry.tcp.lost_segment"),
     header_number<has_note<wire::TCP_NOTE_LOST_SEGMENT>, has_note<wire::TCP_NOTE_LOST_SEGMENT>,
                   FieldKind::flag>},
    {&rows::field("packetsentry.tcp.payload_bytes"),
     header_number<&BatchView::tcp_payload_bytes, &BatchView::has_tcp>},
    {&rows::field("packetsentry.tcp.sequence"), header_number<&BatchView::tcp_sequence, &BatchView::has_tcp>},
    {&rows::field("packetsentry.tcp.timestamp"),
     header_number<&BatchView::tcp_timestamp, &BatchView::has_tcp_timestamps>},
    {&rows::field("packetsentry.tcp.timestamp_echo"),
     header_number<&BatchView::tcp_timestamp_echo, &BatchView::has_tcp_timestamps>},
    {&rows::field("packetsentry.tcp.window"), header_number<&BatchView::tcp_window, &BatchView::has_tcp>},
    {&rows::field("packetsentry.udp.length"), header_number<&BatchView::udp_length, &BatchView::has_udp>},
};

}  // namespace

std::span<const DenseRow> header_values() {
    return kHeaderRows;
}

}  // namespace packetsentry::query
