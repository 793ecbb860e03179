#include "proto/query/evaluate/dense_fields.h"

#include <array>

#include "proto/query/evaluate/header_fields.h"
#include "proto/query/evaluate/mark_rows.h"
#include "proto/rows/transport.h"

namespace packetsentry::query {
namespace {

using proto::BatchView;
using proto::short_at;

constexpr auto kAlways = [](std::uint32_t) { return true; };

void mark_time(BoundBatch& batch, const Condition& condition, const Source&, const Marks& marks) {
    const BatchView& view = batch.view();
    mark_numbers(
        batch.rows(), condition, marks, [&](std::uint32_t row) { return time_key(view.time_ns(row)); },
        [&](std::uint32_t row) { return !view.flag(row, wire::FLAG_NO_TIME); });
}

void mark_begin(BoundBatch& batch, const Condition& condition, const Source&, const Marks& marks) {
    const BatchView& view = batch.view();
    if (view.table() == wire::TABLE_PACKETS) return;
    mark_numbers(
        batch.rows(), condition, marks, [&](std::uint32_t row) { return time_key(view.begin_ns(row)); },
        kAlways);
}

void mark_end(BoundBatch& batch, const Condition& condition, const Source& source, const Marks& marks) {
    if (batch.view().table() != wire::TABLE_PACKETS) mark_time(batch, condition, source, marks);
}

void mark_duration(BoundBatch& batch, const Condition& condition, const Source&, const Marks& marks) {
    const BatchView& view = batch.view();
    if (view.table() == wire::TABLE_PACKETS) return;
    mark_numbers(
        batch.rows(), condition, marks, [&](std::uint32_t row) { return view.duration_ns(row); }, kAlways);
}

void mark_number(BoundBatch& batch, const Condition& condition, const Source&, const Marks& marks) {
    const BatchView& view = batch.view();
    mark_numbers(
        batch.rows(), condition, marks, [&](std::uint32_t row) { return view.place(row); },
        [&](std::uint32_t row) { return view.place(row) != 0; });
}

void mark_wire_bytes(BoundBatch& batch, const Condition& condition, const Source&, const Marks& marks) {
    const std::span<const std::uint32_t> bytes = batch.view().fields().wire_bytes.numbers();
    if (bytes.empty()) return;
    mark_numbers(
        batch.rows(), condition, marks, [=](std::uint32_t row) { return bytes[row]; }, kAlways);
}

void mark_captured(BoundBatch& batch, const Condition& condition, const Source&, const Marks& marks) {
    const BatchView& view = batch.view();
    mark_numbers(
        batch.rows(), condition, marks, [&](std::uint32_t row) { return view.captured_bytes(row); }, kAlways);
}

void mark_ip_protocol(BoundBatch& batch, const Condition& condition, const Source&, const Marks& marks) {
    const BatchView& view = batch.view();
    mark_numbers(
        batch.rows(), condition, marks, [&](std::uint32_t row) { return view.ip_protocol(row); },
        [&](std::uint32_t row) {
            return view.network(row) == wire::NETWORK_IPV4 || view.network(row) == wire::NETWORK_IPV6;
        });
}

void mark_ports(BoundBatch& batch, std::string_view column, const Condition& condition, const Marks& marks) {
    const std::string_view flags = batch.view().fields().flags;
    const auto has = [&](std::uint32_t row) { return (flags[row] & wire::FLAG_PORTS) != 0; };
    if (column.empty())
        return mark_numbers(
            batch.rows(), condition, marks, [](std::uint32_t) { return 0U; }, has);
    mark_numbers(
        batch.rows(), condition, marks, [&](std::uint32_t row) { return short_at(column, row); }, has);
}

void mark_source_port(BoundBatch& batch, const Condition& condition, const Source&, const Marks& marks) {
    mark_ports(batch, batch.view().fields().source_port, condition, marks);
}

void mark_destination_port(BoundBatch& batch, const Condition& condition, const Source&, const Marks& marks) {
    mark_ports(batch, batch.view().fields().destination_port, condition, marks);
}

void mark_slots(Mask mask, std::string_view column, std::span<const std::uint8_t> table) {
    for (std::size_t row = 0; row < mask.size(); ++row) mask[row] |= table[short_at(column, row)];
}

// column: slots of the dictionary of addresses. It may be empty for MAC addresses.
void mark_addresses(BoundBatch& batch, std::string_view column, const Condition& condition,
                    const Source& source, const Marks& marks) {
    if (column.empty()) return;
    const BoundBatch::Slots& slots = batch.slots(condition, source.address_size);
    if (slots.any_fits) mark_slots(marks.fits, column, slots.fits);
    if (slots.any_there) mark_slots(marks.there, column, slots.there);
}

void mark_source(BoundBatch& batch, const Condition& condition, const Source& source, const Marks& marks) {
    mark_addresses(batch, batch.view().fields().source, condition, source, marks);
}

void mark_destination(BoundBatch& batch, const Condition& condition, const Source& source,
                      const Marks& marks) {
    mark_addresses(batch, batch.view().fields().destination, condition, source, marks);
}

void mark_source_mac(BoundBatch& batch, const Condition& condition, const Source& source,
                     const Marks& marks) {
    mark_addresses(batch, batch.view().fields().source_mac, condition, source, marks);
}

void mark_destination_mac(BoundBatch& batch, const Condition& condition, const Source& source,
                          const Marks& marks) {
    mark_addresses(batch, batch.view().fields().destination_mac, condition, source, marks);
}

template <wire::Flag flag>
void mark_flag(BoundBatch& batch, const Condition& condition, const Source&, const Marks& marks) {
    const std::string_view flags = batch.view().fields().flags;
    mark_numbers(
        batch.rows(), condition, marks, [&](std::uint32_t row) { return (flags[row] & flag) != 0 ? 1U : 0U; },
        kAlways);
}

// A name of Wireshark's has the number of a version, and no value where the text is none.
Verdict verdict_of_number(const Condition& condition, const rows::NamedNumbers& numbers,
                          std::string_view text) {
    const auto number = numbers.number_of(text);
    if (!number) return {};
    if (condition.presence()) return {.fits = false, .there = true};
    return {.fits = condition.numeric() ? condition.fits(std::uint64_t{*number}) : condition.fits(text),
            .there = true};
}

void mark_network_type(BoundBatch& batch, const Condition& condition, const Source& source,
                       const Marks& marks) {
    constexpr std::array<std::string_view, wire::Network_ARRAYSIZE> kNames = {"", "ipv4", "ipv6", "arp"};
    std::array<Verdict, wire::Network_ARRAYSIZE> verdicts;
    for (std::size_t i = 0; i < kNames.size(); ++i)
        verdicts[i] = source.numbers == nullptr ? verdict_of(condition, kNames[i])
                                                : verdict_of_number(condition, *source.numbers, kNames[i]);
    mark_texts(batch.rows(), verdicts, marks,
               [&](std::uint32_t row) { return static_cast<std::size_t>(batch.view().network(row)); });
}

void mark_transport(BoundBatch& batch, const Condition& condition, const Source&, const Marks& marks) {
    std::array<Verdict, 256> verdicts;
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
        const rows::Transport* const carried = rows::transport(static_cast<std::uint8_t>(i));
        verdicts[i] = verdict_of(condition, carried == nullptr ? std::string_view() : carried->ecs);
    }
    mark_texts(batch.rows(), verdicts, marks,
               [&](std::uint32_t row) { return std::size_t{batch.view().ip_protocol(row)}; });
}

// text(protocol) is the text of a row's wire::Protocol.
template <typename Text>
void mark_protocols(BoundBatch& batch, const Condition& condition, const Marks& marks, Text text) {
    std::array<Verdict, proto::kBatchProtocolLimit> verdicts;
    const auto& protocols = batch.view().fields().protocol;
    for (std::size_t i = 0; i < protocols.size(); ++i)
        verdicts[i] = verdict_of(condition, text(protocols[i]));
    mark_texts(batch.rows(), verdicts, marks,
               [&](std::uint32_t row) { return std::size_t{batch.view().protocol_index(row)}; });
}

void mark_protocol_name(BoundBatch& batch, const Condition& condition, const Source&, const Marks& marks) {
    mark_protocols(batch, condition, marks,
                   [](const wire::Protocol& p) -> std::string_view { return p.name(); });
}

void mark_protocol_word(BoundBatch& batch, const Condition& condition, const Source&, const Marks& marks) {
    mark_protocols(batch, condition, marks,
                   [](const wire::Protocol& p) -> std::string_view { return p.word(); });
}

void mark_interface(BoundBatch& batch, const Condition& condition, const Source&, const Marks& marks) {
    const proto::BatchFields& fields = batch.view().fields();
    std::vector<Verdict> verdicts;
    for (std::size_t i = 0; i < fields.interface.size(); ++i)
        verdicts.push_back(verdict_of(condition, fields.interface[i].name()));
    const std::span<const std::uint32_t> index = fields.interface_index.numbers();
    mark_texts(batch.rows(), verdicts, marks,
               [&](std::uint32_t row) { return index.empty() ? std::size_t{0} : std::size_t{index[row]}; });
}

constexpr DenseField kDenseFields[] = {
    {&rows::field("@timestamp"), mark_time},
    {&rows::field("destination.ip"), mark_destination},
    {&rows::field("destination.mac"), mark_destination_mac},
    {&rows::field("destination.port"), mark_destination_port},
    {&rows::field("event.duration"), mark_duration},
    {&rows::field("event.end"), mark_end},
    {&rows::field("event.start"), mark_begin},
    {&rows::field("network.bytes"), mark_wire_bytes},
    {&rows::field("network.iana_number"), mark_ip_protocol},
    {&rows::field("network.protocol"), mark_protocol_name},
    {&rows::field("network.transport"), mark_transport},
    {&rows::field("network.type"), mark_network_type},
    {&rows::field("observer.egress.interface.name"), mark_interface},
    {&rows::field("observer.ingress.interface.name"), mark_interface},
    {&rows::field("packetsentry.captured_bytes"), mark_captured},
    {&rows::field("packetsentry.incomplete"), mark_flag<wire::FLAG_INCOMPLETE>},
    {&rows::field("packetsentry.malformed"), mark_flag<wire::FLAG_MALFORMED>},
    {&rows::field("packetsentry.number"), mark_number},
    {&rows::field("packetsentry.protocol"), mark_protocol_word},
    {&rows::field("packetsentry.time_back"), mark_flag<wire::FLAG_TIME_BACK>},
    {&rows::field("source.ip"), mark_source},
    {&rows::field("source.mac"), mark_source_mac},
    {&rows::field("source.port"), mark_source_port},
};

}  // namespace

bool mark_dense(BoundBatch& batch, const Condition& condition, const Source& source, const Marks& marks) {
    for (const auto fields : {std::span<const DenseField>(kDenseFields), header_fields()})
        for (const DenseField& row : fields)
            if (row.info == source.info) {
                row.mark(batch, condition, source, marks);
                return true;
            }
    return false;
}

}  // namespace packetsentry::query
