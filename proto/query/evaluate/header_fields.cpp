#include "proto/query/evaluate/header_fields.h"

#include <array>
#include <functional>

#include "proto/query/evaluate/mark_rows.h"
#include "proto/rows/tcp_flags.h"

namespace packetsentry::query {
namespace {

using proto::BatchView;

// value and has: what a BatchView tells of a row.
template <auto value, auto has>
void mark_header(BoundBatch& batch, const Condition& condition, const Source&, const Marks& marks) {
    const BatchView& view = batch.view();
    mark_numbers(
        batch.rows(), condition, marks, [&](std::uint32_t row) { return std::invoke(value, view, row); },
        [&](std::uint32_t row) { return std::invoke(has, view, row); });
}

template <wire::FragmentBit bit>
unsigned fragment_bit(const BatchView& view, std::uint32_t row) {
    return view.fragment_bit(row, bit) ? 1 : 0;
}

// Each IPv4 header has a place for a fragment; in IPv6 a header of its own tells it.
bool has_fragment_fields(const BatchView& view, std::uint32_t row) {
    return view.has_ipv4(row) || view.is_fragment(row);
}

std::uint16_t ethertype(const BatchView& view, std::uint32_t row) {
    return view.ethertype(view.layers_index(row));
}

bool has_ethertype(const BatchView& view, std::uint32_t row) {
    return ethertype(view, row) != 0;
}

void mark_layers(BoundBatch& batch, const Condition& condition, const Source&, const Marks& marks) {
    const BatchView& view = batch.view();
    std::vector<Verdict> verdicts;
    for (std::uint32_t i = 0; i < view.layers_count(); ++i)
        verdicts.push_back(verdict_of(condition, view.layers(i)));
    mark_texts(batch.rows(), verdicts, marks,
               [&](std::uint32_t row) { return std::size_t{view.layers_index(row)}; });
}

void mark_tcp_flags_text(BoundBatch& batch, const Condition& condition, const Source&, const Marks& marks) {
    constexpr std::size_t kFlagBytes = 256;
    const BatchView& view = batch.view();
    std::array<Verdict, kFlagBytes + 1> verdicts;  // the last one: no TCP
    for (std::size_t i = 0; i < kFlagBytes; ++i)
        verdicts[i] = verdict_of(condition, rows::tcp_flags_text(static_cast<std::uint8_t>(i)));
    mark_texts(batch.rows(), verdicts, marks, [&](std::uint32_t row) {
        return view.has_tcp(row) ? std::size_t{view.tcp_flags(row)} % kFlagBytes : kFlagBytes;
    });
}

// As in Wireshark, it is there or not.
template <wire::TcpNote note>
unsigned has_note_of_tcp(const BatchView& view, std::uint32_t row) {
    return (view.tcp_notes(row) & note) != 0 ? 1 : 0;
}

constexpr DenseField kHeaderFields[] = {
    {&rows::field("packetsentry.ethertype"), mark_header<ethertype, has_ethertype>},
    {&rows::field("packetsentry.ip.dont_fragment"),
     mark_header<fragment_bit<wire::FRAGMENT_DONT>, &BatchView::has_ipv4>},
    {&rows::field("packetsentry.ip.dscp"), mark_header<&BatchView::dscp, &BatchView::has_ip>},
    {&rows::field("packetsentry.ip.ecn"), mark_header<&BatchView::ecn, &BatchView::has_ip>},
    {&rows::field("packetsentry.ip.fragment_offset"),
     mark_header<&BatchView::fragment_offset, has_fragment_fields>},
    {&rows::field("packetsentry.ip.id"), mark_header<&BatchView::identification, &BatchView::has_ipv4>},
    {&rows::field("packetsentry.ip.more_fragments"),
     mark_header<fragment_bit<wire::FRAGMENT_MORE>, has_fragment_fields>},
    {&rows::field("packetsentry.ip.ttl"), mark_header<&BatchView::hop_limit, &BatchView::has_ip>},
    {&rows::field("packetsentry.layers"), mark_layers},
    {&rows::field("packetsentry.tcp.acknowledgement"),
     mark_header<&BatchView::tcp_acknowledgement, &BatchView::has_tcp>},
    {&rows::field("packetsentry.tcp.flag_bits"), mark_header<&BatchView::tcp_flags, &BatchView::has_tcp>},
    {&rows::field("packetsentry.tcp.flags"), mark_tcp_flags_text},
    {&rows::field("packetsentry.tcp.retransmission"),
     mark_header<has_note_of_tcp<wire::TCP_NOTE_RETRANSMISSION>,
                 has_note_of_tcp<wire::TCP_NOTE_RETRANSMISSION>>},
    {&rows::field("packetsentry.tcp.out_of_order"),
     mark_header<has_note_of_tcp<wire::TCP_NOTE_OUT_OF_ORDER>, has_note_of_tcp<wire::TCP_NOTE_OUT_OF_ORDER>>},
    {&rows::field("packetsentry.tcp.duplicate_ack"),
     mark_header<has_note_of_tcp<wire::TCP_NOTE_DUPLICATE_ACK>,
                 has_note_of_tcp<wire::TCP_NOTE_DUPLICATE_ACK>>},
    {&rows::field("packetsentry.tcp.zero_window"),
     mark_header<has_note_of_tcp<wire::TCP_NOTE_ZERO_WINDOW>, has_note_of_tcp<wire::TCP_NOTE_ZERO_WINDOW>>},
    {&rows::field("packetsentry.tcp.keep_alive"),
     mark_header<has_note_of_tcp<wire::TCP_NOTE_KEEP_ALIVE>, has_note_of_tcp<wire::TCP_NOTE_KEEP_ALIVE>>},
    {&rows::field("packetsentry.tcp.lost_segment"),
     mark_header<has_note_of_tcp<wire::TCP_NOTE_LOST_SEGMENT>, has_note_of_tcp<wire::TCP_NOTE_LOST_SEGMENT>>},
    {&rows::field("packetsentry.tcp.payload_bytes"),
     mark_header<&BatchView::tcp_payload_bytes, &BatchView::has_tcp>},
    {&rows::field("packetsentry.tcp.sequence"), mark_header<&BatchView::tcp_sequence, &BatchView::has_tcp>},
    {&rows::field("packetsentry.tcp.timestamp"),
     mark_header<&BatchView::tcp_timestamp, &BatchView::has_tcp_timestamps>},
    {&rows::field("packetsentry.tcp.timestamp_echo"),
     mark_header<&BatchView::tcp_timestamp_echo, &BatchView::has_tcp_timestamps>},
    {&rows::field("packetsentry.tcp.window"), mark_header<&BatchView::tcp_window, &BatchView::has_tcp>},
    {&rows::field("packetsentry.udp.length"), mark_header<&BatchView::udp_length, &BatchView::has_udp>},
};

}  // namespace

std::span<const DenseField> header_fields() {
    return kHeaderFields;
}

}  // namespace packetsentry::query
